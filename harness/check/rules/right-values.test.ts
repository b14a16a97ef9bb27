import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../../base/index.ts";
import { checkTree } from "../check-tree.ts";
import { app, type Edit, release, source, text } from "./test-check.ts";

/** What is said under these rules, each with its weight first. */
async function told(name: string, rules: readonly string[], edits: readonly Edit[]): Promise<string[]> {
  const { findings } = await checkTree({ manifests: join(checkoutDir, name) }, (tree) => {
    for (const edit of edits) edit(tree);
  });
  return findings.filter(({ id }) => rules.includes(id)).map((one) => `${one.severity}: ${one.message}`);
}

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

const patched = (guard: string) =>
  text(`${app}/kustomization.yaml`, "kustomize.toolkit.fluxcd.io/prune: disabled", guard);

it("takes a guard in other letters for one, and another word for none", async () => {
  const guard = "kustomize.toolkit.fluxcd.io/prune";
  expect(await told("manifests", ["prune-guard"], [patched(`${guard}: Disabled`)])).toEqual([]);
  expect(await told("manifests", ["prune-guard"], [patched(`${guard}: never`)])).toEqual([
    expect.stringMatching(/^warning: claim opencode-ha goes/),
  ]);
});

it("tells an update without a pod more by what it does, too", async () => {
  const rolling = (values: string) =>
    text(release, "strategy: Recreate\n", `strategy: RollingUpdate\n        rollingUpdate: ${values}\n`);
  const one = (values: string) => told("manifests", ["two-pods-one-volume"], [rolling(values)]);
  expect(await one('{ surge: "0%", unavailable: 1 }')).toEqual([
    expect.stringMatching(/^error: opencode-ha .* while the old one ends/),
  ]);
  expect(await one("{ surge: 1, unavailable: 1 }")).toEqual([expect.stringMatching(/^error: opencode-ha/)]);
  // The chart drops a 0, and Kubernetes' own default is a pod more.
  expect(await one("{ surge: 0, unavailable: 1 }")).toEqual([expect.stringMatching(/^error: opencode-ha/)]);
});

it("lets its owner judge a chart of any version within one major, and tells one without an end", async () => {
  const one = (semver: string) =>
    told("manifests", ["chart-version"], [text(source, "tag: 4.4.0", `semver: "${semver}"`)]);
  for (const range of ["4.x", "4.4.x", "~4.4.0", "^4.4"]) {
    expect.soft(await one(range)).toEqual([expect.stringMatching(/^warning: /)]);
  }
  for (const range of ["*", ">=4.4.0", "4.4.0 || 5.x"]) {
    expect.soft(await one(range)).toEqual([expect.stringMatching(/^error: /)]);
  }
});
