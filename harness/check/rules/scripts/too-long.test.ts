import { expect, it } from "vitest";
import { beforeSync, checked, lostNode, policy, text } from "../test-check.ts";

/** Each can be read in as many ways as two to its parts: whoever tries them all is not done in a lifetime. */
it.each([
  ["a time", text(policy, "requestTimeout: 0s", `requestTimeout: "${"0".repeat(60)}x"`)],
  ["conditions of a script", beforeSync(`${"[ x ] && ".repeat(60)}true`)],
  ["options of OpenCode", beforeSync(`opencode${" -a -a".repeat(60)} help`)],
])(
  "%s is read in one way only",
  async (_, edit) => {
    const { findings } = await checked(edit);
    expect(findings.map(({ message }) => message).filter((message) => /stumbles/.test(message))).toEqual([]);
  },
  60_000,
);

/** Whoever looks through them takes the square of their length. */
it.each([
  [
    "a script",
    beforeSync(`: ${"git -C ".repeat(14_000)}`),
    /^what container git-clone of opencode-ha runs is too long/,
  ],
  [
    "a script that variables make so",
    beforeSync(`A=${'"'}${"git -C ".repeat(1_000)}${'"'}; : $A $A`),
    /^what container/,
  ],
  [
    "a document",
    text(lostNode, "```sh\n", `\`\`\`sh\n: ${"kubectl wait --for=a ".repeat(4_700)}\n`),
    /node-lost\.md is too long/,
  ],
])(
  "%s that is too long is told, and not looked through",
  async (_, edit, message) => {
    const { findings } = await checked(edit);
    expect(findings).toContainEqual(
      expect.objectContaining({
        id: "too-long-to-read",
        severity: "warning",
        message: expect.stringMatching(message),
      }),
    );
  },
  60_000,
);

it("a secret that is printed behind conditions is seen", async () => {
  const line = '[[ -n a && -n b ]] && [ -n c ] && echo "token $(cat /secrets/github/pat)"';
  const { findings } = await checked(beforeSync(line));
  expect(findings.map(({ id }) => id)).toContain("secret-printed");
}, 60_000);
