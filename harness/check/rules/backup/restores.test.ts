// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import { backup, claim, expectFound, type Mistake, text } from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what brings a volume back": [
    "manifests",
    [
      [
        text(backup, 'sourcePVC: "${VOLSYNC_CLAIM:-${APP}}"', "sourcePVC: opencode-flux"),
        "backup-twice",
        /sourcePVC/,
        /nobody backs up opencode-ha/,
      ],
      [
        text(backup, '    capacity: "${VOLSYNC_CAPACITY}"', "    capacity: 50Gi"),
        "restore-unfit",
        /50Gi/,
        /stays Pending/,
      ],
      [
        text(backup, "  trigger:\n    manual: restore-once\n", "  trigger:\n    schedule: 0 * * * *\n"),
        "restore-endless",
        /trigger/,
        /restore-once/,
      ],
      [
        text(claim, "apiGroup: volsync.backube", "apiGroup: volsync.backup"),
        "restore-source",
        /volsync\.backup/,
        /Pending/,
      ],
    ],
  ],
  "what brings no volume back": [
    "manifests",
    [
      [
        text(backup, "    copyMethod: Snapshot\n", "    copyMethod: Direct\n"),
        "restore-unfit",
        /Direct/,
        /no snapshot/,
      ],
      [() => {}, "backup-of-nothing", /sourcePVC/, /nobody makes/],
      [
        text(backup, 'sourcePVC: "${VOLSYNC_CLAIM:-${APP}}"', "sourcePVC: opencode-h"),
        "backup-of-nothing",
        /sourcePVC/,
        /opencode-h/,
      ],
    ],
  ],
  "a claim of another source": [
    "manifests",
    [
      [
        text(claim, "  dataSourceRef:\n", "  dataSource:\n"),
        "restore-source",
        /dataSource/,
        /write dataSourceRef/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
