import { it } from "vitest";
import { added, expectTold, type LoneMistake } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "no-eviction",
    title: "a disruption budget",
    edit: added(
      "pdb.yaml",
      "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: ha\nspec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: opencode-ha\n",
    ),
    line: /minAvailable/,
    message: /PodDisruptionBudget ha allows no eviction of opencode-ha/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
