import { expect, it } from "vitest";
import { knownTokens } from "./literal-secrets.ts";
import { isExample } from "./token-shapes.ts";

const address = (password: string) =>
  `  DATABASE_URL: "postgresql://chess:${password}@db.games.svc:5432/chess"\n`;

it.each(["REPLACE_ME_CHESS_PASSWORD", "change-me-please", "<password>", "your_password", "xxxxxxxx"])(
  "takes %s for what is there to be replaced",
  async (password) => {
    expect(await knownTokens(address(password))).toEqual([]);
  },
);

it.each(["tooth".repeat(5), "chess_replaced_123", "changeling77"])(
  "takes %s for a password",
  async (password) => {
    expect(await knownTokens(`# example\n${address(password)}`)).toMatchObject([{ line: 2 }]);
  },
);

it.each([
  "Not https://user:pass@example.com, and no https://opencode:PASSWORD@ha.opencode.example.com.",
  "git clone https://x-access-token:$GITHUB_PAT@github.com/a/b",
])("takes what a document shows for an example: %s", async (text) => {
  expect(await knownTokens(text)).toEqual([]);
});

it("knows a token that is made up of one letter, which a document may show and an object has not", async () => {
  const token = `ghp_${"x".repeat(36)}`;
  expect(isExample(token)).toBe(true);
  expect(isExample(`ghp_${"aB3dE6gH9jK2mN5pQ8sT".repeat(2).slice(0, 36)}`)).toBe(false);
  expect(await knownTokens(`TOKEN: ${token}`)).toHaveLength(1);
});

it.each(["https://user:k3strel42@git.example.com/x", `ghp_${"aB3dE6gH9jK2mN5pQ8sT".repeat(2).slice(0, 36)}`])(
  "takes what somebody may use for a secret: %s",
  async (text) => {
    expect(await knownTokens(text)).toHaveLength(1);
  },
);
