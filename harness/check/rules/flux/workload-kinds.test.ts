import { it } from "vitest";
import { expectFound, type Mistake, release, text } from "../test-check.ts";

const daemons = text(release, "        strategy: Recreate\n", "        type: daemonset\n");

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "a server on each node": [
    "manifests",
    [[daemons, "server-of-other-kind", /type: daemonset/, /DaemonSet runs a pod on each node/]],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
