import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "route-port",
    title: "a Service on another port",
    edit: text(release, "port: 4096\n            # Pitfall 4.", "port: 8080\n            # Pitfall 4."),
    line: /port: 8080/,
    message: /leads to port 4096 of Service opencode-ha, which has 8080/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
