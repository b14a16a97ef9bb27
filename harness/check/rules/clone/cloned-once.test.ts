import { it } from "vitest";
import { cloneCommand, expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "partial-clone",
    title: "a partial clone",
    edit: text(release, cloneCommand, 'clone --filter=blob:none "$REPOSITORY_URL"'),
    line: /--filter/,
    message: /partial clone/,
  },
  {
    rule: "clone-again",
    title: "a directory in place of .git",
    edit: text(release, '[ -d "$repo/.git" ]', '[ -d "$repo" ]'),
    line: /clone/,
    message: /takes a directory for a whole clone/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
