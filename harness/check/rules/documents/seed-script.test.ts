import { it } from "vitest";
import { expectTold, type LoneMistake, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "seed-script-shows",
    title: "a seed script that lets doppler print",
    edit: text("scripts/seed-copilot-auth.sh", '--silent <"$file" >/dev/null 2>&1', '<"$file"'),
    line: /secrets set/,
    message: /shows what doppler prints/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
