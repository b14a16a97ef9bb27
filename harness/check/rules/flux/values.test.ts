import { it } from "vitest";
import { expectFound, type Mistake, release, text } from "../test-check.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "a container that nobody has, among those of a mount": [
    "manifests",
    [
      [
        text(
          release,
          "            git-clone:\n              - path: /data\n",
          "            clone:\n              - path: /data\n",
        ),
        "mounted-nowhere",
        /clone:/,
        /git-clone/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
