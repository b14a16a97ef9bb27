import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "two-pods-one-volume",
    title: "a rolling update",
    edit: text(release, "strategy: Recreate", "strategy: RollingUpdate"),
    line: /strategy: RollingUpdate/,
    message: /updated by RollingUpdate on a ReadWriteOnce claim/,
  },
  {
    rule: "two-pods-one-volume",
    title: "two replicas",
    edit: text(release, "strategy: Recreate", "strategy: Recreate\n        replicas: 2"),
    line: /replicas: 2/,
    message: /2 replicas on one volume/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
