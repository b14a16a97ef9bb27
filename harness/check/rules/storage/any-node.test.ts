import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "bound-to-node",
    title: "one node only",
    edit: text(
      release,
      "    defaultPodOptions:\n",
      "    defaultPodOptions:\n      nodeSelector: {kubernetes.io/hostname: one}\n",
    ),
    line: /nodeSelector/,
    message: /may run on node one only/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
