import { it } from "vitest";
import { expectFound, type Mistake, text } from "../test-check.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "backups of which nobody has the repository": [
    "fixtures/trees/single",
    [
      [
        text("kubernetes/components/volsync/replicationsource.yaml", "-volsync-secret", "-volsync"),
        "backup-repository",
        /repository/,
        /nobody makes/,
      ],
      [
        text("kubernetes/components/volsync/claim.yaml", "-dst", "-first"),
        "restore-of-nothing",
        /-first/,
        /Pending/,
      ],
      [
        text("kubernetes/apps/ai/opencode/app/helmrelease.yaml", "- path: /login\n", "- path: /logins\n"),
        "file-missing",
        /\/login\//,
        /at \/logins/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
