import { it } from "vitest";
import {
  beforeSync,
  expectFound,
  ks,
  type Mistake,
  memoryLimit,
  podOption,
  release,
  secret,
  substitute,
  text,
} from "../test-check.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what containers and their probes say": [
    "manifests",
    [
      [
        text(release, "    defaultPodOptions:\n", "    extra: {}\n    defaultPodOptions:\n"),
        "value-unread",
        /extra/,
        /does not read/,
      ],
      [
        text(
          release,
          "                    port: 4096\n                  failure",
          "                    port: 8080\n                  failure",
        ),
        "probe-port",
        /8080/,
        /4096/,
      ],
      [
        text(release, "failureThreshold: 90", "failureThreshold: 1"),
        "probe-impatient",
        /failureThreshold/,
        /killed while it starts/,
      ],
      [memoryLimit("1000"), "resources", /1000/, /1Gi/],
      [podOption("hostNetwork: true"), "node-in-reach", /hostNetwork/, /node/],
      [text(release, "OnRootMismatch", "OnRootMissmatch"), "refused", /OnRootMissmatch/, /OnRootMismatch/],
      [
        text(release, "subPath: opencode-data\n", "subPath: opencode-data\n                readOnly: true\n"),
        "read-only",
        /share\/opencode/,
        /sessions and login/,
      ],
      [text(secret, "creationPolicy: Owner", "creationPolicy: None"), "secret-unmade", /None/, /Owner/],
      [
        text(secret, "COPILOT_AUTH_JSON }}", "COPILOT_AUTH_JSON | b64dec }}"),
        "wrong-encoding",
        /b64dec/,
        /no base64/,
      ],
      [
        text(
          release,
          "                port: 4096\n    pers",
          "                port: 4096\n            timeouts: { request: 30s }\n    pers",
        ),
        "stream-cut",
        /30s/,
        /goes before every policy/,
      ],
      [beforeSync('echo "token $(cat /secrets/github/pat)"'), "secret-printed", /echo "token/, /logs/],
      [beforeSync('git -C "$repo" reset --hard'), "work-destroyed", /reset --hard/, /not committed/],
      [text(release, 'clone "$REP', 'clone --depth 1 "$REP'), "shallow-clone", /--depth/, /history/],
      [substitute("VOLSYNC_SCHEDULE: '0 0 3 * * *'"), "backup-trigger", /0 0 3/, /five/],
      [
        text(
          ks,
          "    - name: rook-ceph-cluster\n",
          "    - name: rook-ceph-cluster\n    - name: opencode-ha\n",
        ),
        "dependency-circle",
        /opencode-ha/,
        /itself/,
      ],
      [
        text(
          release,
          "https://github.com/jbaker/home-assistant-config.git",
          "git@github.com:jbaker/home-assistant-config.git",
        ),
        "other-credential",
        /git@/,
        /https:/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
