import { it } from "vitest";
import { expectTold, type LoneMistake, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "prune-guard",
    title: "a namespace without its guard",
    edit: text(
      "kubernetes/apps/opencode/namespace.yaml",
      "kustomize.toolkit.fluxcd.io/prune: disabled",
      "a: b",
    ),
    line: /metadata/,
    message: /Namespace opencode goes/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
