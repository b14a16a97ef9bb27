import { it } from "vitest";
import { expectTold, type LoneMistake, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "backup-of-nothing",
    title: "a backup of another claim",
    edit: text(
      "kubernetes/templates/volsync/minio.yaml",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
      'sourcePVC: "${VOLSYNC_CLAIM:-${APP}}"',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
      'sourcePVC: "${APP}-data"',
    ),
    line: /sourcePVC/,
    message: /backs up claim opencode\/opencode-ha-data/,
  },
  {
    rule: "foreign-mover",
    title: "movers of another user that may not be root",
    edit: text(
      "kubernetes/apps/opencode/namespace.yaml",
      'volsync.backube/privileged-movers: "true"',
      'volsync.backube/privileged-movers: "false"',
    ),
    line: /runAsUser: 568/,
    message: /ReplicationSource opencode-ha moves files of uid 1000 \(opencode-ha\) as uid 568/,
    remedy: /annotate namespace opencode with volsync.backube\/privileged-movers: "true"/,
  },
  {
    rule: "foreign-mover",
    title: "movers that are nobody, where none may be root",
    edit: (tree) => {
      text(
        "kubernetes/apps/opencode/namespace.yaml",
        'volsync.backube/privileged-movers: "true"',
        'volsync.backube/privileged-movers: "false"',
      )(tree);
      text(
        "kubernetes/templates/volsync/minio.yaml",
        "    moverSecurityContext:\n      fsGroup: 568\n      fsGroupChangePolicy: OnRootMismatch\n      runAsGroup: 568\n      runAsUser: 568\n",
        "",
      )(tree);
    },
    line: /restic:/,
    message:
      /ReplicationSource opencode-ha moves files of uid 1000 \(opencode-ha\) as nobody in particular: it cannot read/,
    remedy: /let the mover be uid 1000 \(moverSecurityContext\)/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
