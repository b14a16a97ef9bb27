import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "token-in-app",
    title: "the token in OpenCode's container",
    edit: text(
      release,
      "            git-clone:\n              - path: /secrets/github\n                readOnly: true\n",
      "            git-clone:\n              - path: /secrets/github\n                readOnly: true\n            app:\n              - path: /secrets/github\n",
    ),
    line: /GITHUB_PAT/,
    message: /gets GITHUB_PAT too/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
