import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "data-not-kept",
    title: "an emptyDir for the data",
    edit: text(release, "        existingClaim: opencode-ha\n", "        type: emptyDir\n"),
    line: /emptyDir/,
    message: /sessions and login .* are kept on emptyDir/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
