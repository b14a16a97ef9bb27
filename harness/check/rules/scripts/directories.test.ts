import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "directory-unmade",
    title: "a subPath that nobody makes",
    edit: text(release, "/data/opencode-data /data/opencode-config\n", "/data/opencode-data\n"),
    line: /set -eu/,
    message: /makes opencode-config on the volume/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
