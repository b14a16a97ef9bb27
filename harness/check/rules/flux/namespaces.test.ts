import { it } from "vitest";
import { expectTold, ks, type LoneMistake, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "namespace-missing",
    title: "a misspelt target namespace",
    edit: text(ks, "targetNamespace: opencode", "targetNamespace: opencodes"),
    line: /targetNamespace: opencodes/,
    message: /opencode-ha is to run in namespace opencodes, which nobody makes/,
    remedy: /did you mean opencode\?/,
  },
  {
    rule: "namespace-missing",
    title: "a namespace that no list names",
    edit: text("kubernetes/apps/opencode/kustomization.yaml", "  - ./namespace.yaml\n", ""),
    line: /targetNamespace: opencode$/,
    message: /namespace opencode, which nobody makes/,
    remedy: /list kubernetes\/apps\/opencode\/namespace\.yaml/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
