import { expect, it } from "vitest";
import { text, told } from "../test-check.ts";

const login = "kubernetes/apps/ai/opencode/app/externalsecret.yaml";
const plain = text(login, "{{ .OPENCODE_LOGIN_AUTH_JSON | b64dec }}", "{{ .OPENCODE_LOGIN_AUTH_JSON }}");
const decoding = (strategy: string) =>
  text(
    login,
    "        key: OPENCODE_LOGIN_AUTH_JSON\n",
    `        key: OPENCODE_LOGIN_AUTH_JSON\n        decodingStrategy: ${strategy}\n`,
  );

it.each(["Base64", "Base64URL", "Auto"])("takes decodingStrategy: %s for decoded", async (strategy) => {
  const edits = [plain, decoding(strategy)];
  expect(await told("fixtures/trees/single", ["wrong-encoding"], edits)).toEqual([]);
});

it("finds base64 that nobody decodes", async () => {
  const edits = [plain, decoding("None")];
  expect(await told("fixtures/trees/single", ["wrong-encoding"], edits)).toEqual([
    expect.stringMatching(/^error: auth\.json .* in base64/),
  ]);
});
