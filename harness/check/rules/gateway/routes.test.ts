import { expect, it } from "vitest";
import type { Tree } from "../../../gitops/index.ts";
import { checked, expectTold, gateways, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "plain-http",
    title: "a listener without TLS that takes routes of every namespace",
    edit: (tree) => {
      tree.replaceText(gateways, "from: Same", "from: All");
      tree.replaceText(release, "sectionName: https", "sectionName: http");
    },
    line: /sectionName: http$/,
    message: /serves a workspace without TLS/,
  },
  {
    rule: "route-refused",
    title: "a listener that selects other namespaces",
    edit: text(
      gateways,
      "from: All",
      "from: Selector\n          selector: {matchLabels: {kubernetes.io/metadata.name: media}}",
    ),
    line: /sectionName: https$/,
    message: /takes routes of the namespaces that it selects only/,
  },
  {
    rule: "route-refused",
    title: "the listener without TLS",
    edit: text(release, "sectionName: https", "sectionName: http"),
    line: /sectionName: http$/,
    message: /takes routes of its own namespace only/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

it.each<[string, (tree: Tree) => void]>([
  [
    "a route that names no listener, where only the one with TLS takes it",
    (tree) => {
      tree.replaceText(release, "            sectionName: https\n", "");
    },
  ],
])("has nothing against %s", { timeout: 60_000 }, async (_, edit) => {
  const { findings } = await checked(edit);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
});
