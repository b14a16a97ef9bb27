import { it } from "vitest";
import { type Edit, expectNothing, text } from "../test-check.ts";

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "restricted pods": [
    "fixtures/trees/statefulset",
    [
      text(
        "kubernetes/apps/dev/namespace.yaml",
        "  labels:\n",
        "  labels:\n    pod-security.kubernetes.io/enforce: restricted\n",
      ),
      text(
        "kubernetes/apps/dev/when-a-node-dies.md",
        "statefulset/coder --timeout",
        "statefulset coder --timeout",
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});
