import { it } from "vitest";
import { expectFound, type Mistake, release, text } from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "directories that are root's": [
    "manifests",
    [
      [
        text(release, '                mkdir -p "$HOME/.local/share/opencode" "$HOME/.config"\n', ""),
        "mount-point-of-root",
        /home:/,
        /\/home\/opencode\/\.local of opencode-ha.*state/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
