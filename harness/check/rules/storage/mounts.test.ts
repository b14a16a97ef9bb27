import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "secret-in-work",
    title: "a Secret in the directory of the work",
    edit: text(
      release,
      "            seed-auth:\n              - path: /secrets/copilot\n                readOnly: true\n",
      "            seed-auth:\n              - path: /secrets/copilot\n                readOnly: true\n            app:\n              - path: /workspace/secrets\n                readOnly: true\n",
    ),
    line: /path: auth\.json|path: \//,
    message:
      /a Secret is mounted at \/workspace\/secrets of container app of opencode-ha, inside of \/workspace/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
