// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import {
  backup,
  claim,
  expectFound,
  type Mistake,
  namespace,
  secret,
  substitute,
  text,
} from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what becomes of secrets and backups": [
    "manifests",
    [
      [text(secret, "refreshInterval: 30m", "refreshInterval: 720h"), "never-refreshed", /720h/, /30 days/],
      [
        text(secret, '{{ .OPENCODE_HA_SERVER_PASSWORD }}"', '{{ .OPENCODE_HA_SERVER_PASSWORD }}\\n"'),
        "secret-padded",
        /PASSWORD/,
        /line's end/,
      ],
      [
        text(
          secret,
          "        key: OPENCODE_HA_GITHUB_PAT\n",
          "        key: OPENCODE_HA_GITHUB_PAT\n        decodingStrategy: Base64\n",
        ),
        "secret-decoded",
        /decodingStrategy/,
        /no base64/,
      ],
      [
        text(secret, "      engineVersion: v2\n", "      engineVersion: v2\n      type: kubernetes.io/tls\n"),
        "secret-type",
        /type/,
        /tls\.crt/,
      ],
      [substitute("VOLSYNC_SCHEDULE: '60 * * * *'"), "backup-time", /60/, /no time/],
      [substitute("VOLSYNC_COPYMETHOD: Direct"), "backup-direct", /Direct/, /workspace moves/],
      [substitute("VOLSYNC_CACHE_CAPACITY: '8'"), "backup-room", /8/, /8 bytes/],
      [
        text(backup, "TEMPLATE }}/${APP}", "TEMPLATE }}"),
        "backup-shared",
        /RESTIC_REPOSITORY/,
        /one repository/,
      ],
      [text(backup, "  sourcePVC:", "  paused: true\n  sourcePVC:"), "backup-paused", /paused/, /nothing/],
      [
        text(backup, "    retain:\n      hourly: 24\n      daily: 7\n      weekly: 5\n", "    retain: {}\n"),
        "backup-kept",
        /retain/,
        /last backup alone/,
      ],
      [
        text(claim, "kind: ReplicationDestination", "kind: ReplicationSource"),
        "restore-of-nothing",
        /kind/,
        /Pending/,
      ],
      [
        text(namespace, "  labels:\n", "  labels:\n    pod-security.kubernetes.io/enforce: restricted\n"),
        "movers-refused",
        /enforce/,
        /baseline/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
