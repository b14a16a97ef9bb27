import { expect, it } from "vitest";
import { beforeSync, checked, policy, text } from "./test-check.ts";

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

it("a secret that is printed behind conditions is seen", async () => {
  const line = '[[ -n a && -n b ]] && [ -n c ] && echo "token $(cat /secrets/github/pat)"';
  const { findings } = await checked(beforeSync(line));
  expect(findings.map(({ id }) => id)).toContain("secret-printed");
}, 60_000);
