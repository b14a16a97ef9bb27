// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import type { Tree } from "../../../gitops/index.ts";
import {
  documents,
  type Edit,
  expectFound,
  expectSilence,
  fluxRelease,
  type Mistake,
  release,
  substitute,
  text,
} from "../test-check.ts";

const ask = "httpGet: { path: /site.webmanifest, port: 4096 }";

/** One more probe, of lines. */
const liveness = (file: string, ...lines: string[]) =>
  text(
    file,
    "              # No liveness probe",
    [
      "              liveness:",
      "  enabled: true",
      "  custom: true",
      "  spec:",
      ...lines.map((line) => `    ${line}`),
    ]
      .join("\n              ")
      .concat("\n              # No liveness probe"),
  );

const readiness = (file: string, to: string) =>
  text(
    file,
    "                  failureThreshold: 3\n                  periodSeconds: 10\n                  timeoutSeconds: 5\n",
    `                  ${to}\n`,
  );

const asked =
  "                  httpGet:\n                    path: /site.webmanifest\n                    port: 4096\n";

const remediation = "      retries: 3\n      strategy: rollback\n";

const tag = "              tag: v2.49.1\n";

const renamed = (from: string, to: string) => (tree: Tree) => {
  tree.add(`${documents}/${to}`, tree.text(`${documents}/${from}`));
  tree.remove(`${documents}/${from}`);
};

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "probes, images and upgrades that have no patience": [
    "manifests",
    [
      [
        liveness(release, ask, "failureThreshold: 6", "periodSeconds: 10", "timeoutSeconds: 5"),
        "probe-impatient",
        /failureThreshold: 6/,
        /gives OpenCode 60 s: it may be killed while it is busy.*five minutes/,
      ],
      [
        liveness(
          fluxRelease,
          "exec: { command: [wget, -qO-, http://127.0.0.1:4096/site.webmanifest] }",
          "failureThreshold: 60",
          "timeoutSeconds: 2",
        ),
        "probe-hasty",
        /timeoutSeconds: 2/,
        /liveness probe of opencode-flux waits 2 s/,
      ],
      [
        readiness(release, "failureThreshold: 1"),
        "probe-hasty",
        /readiness/,
        /waits 1 s for an answer, and gives up after 10 s/,
      ],
      [
        text(release, remediation, "      retries: -1\n      strategy: rollback\n"),
        "upgrade-stays-broken",
        /retries: -1/,
        /opencode-ha that is never Ready is tried again and again/,
      ],
      [
        text(fluxRelease, remediation, "      retries: 3\n      remediateLastFailure: false\n"),
        "upgrade-stays-broken",
        /remediateLastFailure: false/,
        /stays: the last try/,
      ],
      [
        text(
          release,
          "              tag: 1.18.34\n",
          "              tag: 1.18.34\n              pullPolicy: Always\n",
        ),
        "pulled-always",
        /pullPolicy: Always/,
        /container app of opencode-ha asks the registry/,
      ],
      [
        text(
          fluxRelease,
          tag,
          `${tag.trimEnd()}@sha256:${"a".repeat(64)}\n              pullPolicy: Always\n`,
        ),
        "pulled-always",
        /pullPolicy: Always/,
        /container git-clone of opencode-flux/,
      ],
      [
        text("kubernetes/templates/volsync/minio.yaml", '"${VOLSYNC_SCHEDULE:-0 * * * *}"', '"* 3 * * *"'),
        "backup-time",
        /schedule/,
        /opencode-ha backs up every minute/,
      ],
      [
        renamed("volume-lost.md", "volume-is-lost.md"),
        "document-renamed",
        /volume/,
        /is called volume-lost\.md/,
      ],
    ],
  ],
  "an open port that is taken for an answer, and an upgrade that nobody waits for": [
    "manifests",
    [
      [
        text(release, asked, "                  tcpSocket: { port: 4096 }\n"),
        "probe-asks-nothing",
        /probes:/,
        /neither the startup nor the readiness probe of opencode-ha.*counts as Ready, and no upgrade/,
      ],
      [
        text(
          fluxRelease,
          "    remediation:\n      retries: 3\n      strategy: rollback\n",
          "    disableWait: true\n",
        ),
        "upgrade-stays-broken",
        /disableWait/,
        /Helm does not wait/,
      ],
      [
        text(release, "    remediation:\n      retries: 3\n      strategy: rollback\n", ""),
        "upgrade-stays-broken",
        /upgrade:/,
        /write upgrade\.remediation/,
      ],
      [
        text(`${documents}/node-lost.md`, "node is back", "node returns"),
        "document-renamed",
        /./,
        /has a heading/,
      ],
    ],
  ],
  "a StatefulSet whose pod nobody asks": [
    "fixtures/trees/statefulset",
    [
      [
        text(
          "kubernetes/apps/dev/coder/app/statefulset.yaml",
          "httpGet:\n              path: /site.webmanifest\n              port: http\n",
          "tcpSocket:\n              port: http\n",
        ),
        "probe-asks-nothing",
        /./,
        /coder.*counts as Ready ->/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** Other ways to write what is right, about which there is nothing to judge either. */
const right: Record<string, Edit[]> = {
  "patience in other words": [
    liveness(release, ask, "failureThreshold: 30", "timeoutSeconds: 10"),
    liveness(fluxRelease, "tcpSocket: { port: 4096 }", "failureThreshold: 6", "timeoutSeconds: 1"),
    readiness(release, "failureThreshold: 1\n                  timeoutSeconds: 3"),
    readiness(fluxRelease, "periodSeconds: 5"),
    text(
      release,
      remediation,
      "      retries: 1\n      remediateLastFailure: true\n      strategy: rollback\n",
    ),
    text(
      fluxRelease,
      "    remediation:\n      retries: 3\n      strategy: rollback\n",
      "    strategy: { name: RetryOnFailure }\n",
    ),
    text(release, tag, `${tag}              pullPolicy: IfNotPresent\n`),
    substitute("VOLSYNC_SCHEDULE: 0,30 * * * *"),
  ],
  "one document alone, and OpenCode asked only once": [
    (tree) => tree.remove(`${documents}/node-lost.md`),
    (tree) => tree.remove(`${documents}/volume-lost.md`),
    text(
      release,
      `${asked}                  failureThreshold: 3\n`,
      "                  tcpSocket: { port: 4096 }\n                  failureThreshold: 3\n",
    ),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
