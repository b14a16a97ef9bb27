import { expect, it } from "vitest";
import { added, checked, expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "secret-in-git",
    title: "a Secret with its value",
    edit: added(
      "webhook.yaml",
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: webhook\nstringData:\n  TOKEN: abc\n",
    ),
    line: /TOKEN: abc/,
    message: /Secret webhook is committed with its value/,
  },
  {
    rule: "known-token",
    title: "a token of GitHub",
    edit: text(
      release,
      "              HOME: /home/opencode\n",
      `              HOME: /home/opencode\n              GH: ghp_${"a1B2c3D4e5F6".repeat(3)}\n`,
    ),
    line: /GH: ghp_/,
    message: /a secret stands in the file/,
  },
  {
    rule: "plain-variable",
    title: "a random value in a variable",
    edit: text(
      release,
      '              GIT_TERMINAL_PROMPT: "0"\n',
      '              GIT_TERMINAL_PROMPT: "0"\n              COOKIE: q8Xz2LrT4mZkB7fY6pW1vN9cJd3Q\n',
    ),
    line: /COOKIE/,
    message: /variable COOKIE of container git-clone/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

it("calls a secret that Flux puts into a variable by its name, and no error", {
  timeout: 60_000,
}, async () => {
  const { findings } = await checked(
    text(
      release,
      '              GIT_TERMINAL_PROMPT: "0"\n',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it.
      '              GIT_TERMINAL_PROMPT: "0"\n              MODELS_API_KEY: ${SECRET_DOMAIN}\n',
    ),
  );
  expect(findings.filter(({ id }) => id === "plain-variable")).toMatchObject([
    { severity: "warning", message: expect.stringMatching(/MODELS_API_KEY .* by Flux's substitution/) },
  ]);
});
