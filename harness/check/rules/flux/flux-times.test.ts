import { it } from "vitest";
import {
  added,
  certificate,
  cpuLimit,
  type Edit,
  expectFound,
  expectSilence,
  ks,
  type Mistake,
  podOption,
  release,
  secret,
  source,
  substitute,
  text,
} from "../test-check.ts";

const budget = (line: string, selector = "app.kubernetes.io/name: opencode-ha") =>
  added(
    `pdb-${line.length}.yaml`,
    `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: budget-${line.length} }
spec:
  ${line}
  selector: { matchLabels: { ${selector} } }
`,
  );

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what Flux, Helm and the kubelet are told": [
    "manifests",
    [
      [text(ks, "prune: true", "prune: false"), "not-pruned", /prune: false/, /goes on in the cluster/],
      [text(ks, "timeout: 10m", "timeout: 30s"), "flux-impatient", /timeout: 30s/, /at each change/],
      [
        text(ks, "  interval: 30m\n", "  force: true\n  interval: 30m\n"),
        "forced",
        /force/,
        /claim opencode-ha/,
      ],
      [
        text(release, "  interval: 30m\n", "  interval: 30m\n  timeout: 10s\n"),
        "flux-impatient",
        /timeout: 10s/,
        /taken back/,
      ],
      [
        text(
          release,
          "  install:\n    remediation:\n      # Pitfall 7: a key that reaches Doppler late must not leave the release failed for ever.\n      retries: 3\n",
          "",
        ),
        "installed-once",
        /spec:/,
        /stays failed/,
      ],
      [text(release, "OnRootMismatch", "Always"), "group-changed", /Always/, /OnRootMismatch/],
      [
        text(release, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 1"),
        "no-grace-period",
        /Seconds: 1$/,
        /SQLite/,
      ],
      [text(release, "sizeLimit: 2Gi", "sizeLimit: 2Mi"), "scratch-small", /2Mi/, /evicts/],
      [text(release, "sizeLimit: 1Gi", "sizeLimit: 1Mi"), "scratch-small", /1Mi/, /tmp/],
      [podOption("imagePullSecrets: [{ name: ghcr-login }]"), "pull-secret-missing", /ghcr-login/, /nobody/],
      [podOption("priorityClassName: high"), "pod-class-missing", /high/, /PriorityClass high/],
      [
        podOption(
          "affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [one] }] }] } } }",
        ),
        "bound-to-node",
        /affinity/,
        /node one only/,
      ],
      [
        text(release, cpuLimit, cpuLimit.replace("500m", "100m")),
        "probe-impatient",
        /failureThreshold/,
        /while it starts/,
      ],
      [text(release, "failureThreshold: 90", "failureThreshold: 20"), "probe-impatient", /20/, /40 s/],
      [
        text(
          release,
          "                  failureThreshold: 3\n",
          "                  initialDelaySeconds: 900\n                  failureThreshold: 3\n",
        ),
        "probe-late",
        /900/,
        /Helm takes/,
      ],
      [
        text(
          release,
          "              tag: 1.18.34\n",
          "              tag: 1.18.34\n              pullPolicy: Never\n",
        ),
        "never-pulled",
        /Never/,
        /IfNotPresent/,
      ],
      [budget("minAvailable: 50%"), "no-eviction", /50%/, /drain/],
      [
        text(source, "spec:\n", "spec:\n  secretRef: { name: ghcr }\n"),
        "source-secret-missing",
        /ghcr/,
        /never installed/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "other times, sizes and shares": [
    "manifests",
    [
      text(ks, "timeout: 10m", "timeout: 5m"),
      text(release, "  interval: 30m\n", "  interval: 30m\n  timeout: 10m\n"),
      text(release, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 60"),
      text(release, "sizeLimit: 2Gi", "sizeLimit: 512Mi"),
      text(release, "sizeLimit: 1Gi", "sizeLimit: 128Mi\n        medium: Memory"),
      text(release, cpuLimit, cpuLimit.replace("500m", "250m")),
      text(secret, "refreshInterval: 30m", "refreshInterval: 24h"),
      (tree) => {
        // Who promises a time says the same.
        for (const file of ["scripts/seed-copilot-auth.sh", "kubernetes/apps/opencode/login-expired.md"]) {
          const words = tree.text(file);
          tree.replaceText(file, words, words.replaceAll("30 minutes", "24 hours"));
        }
      },
      budget("maxUnavailable: 1"),
      budget("minAvailable: 0"),
      budget("minAvailable: 1 # of others", "app.kubernetes.io/name: another"),
      podOption("priorityClassName: system-cluster-critical"),
      podOption("imagePullSecrets: [{ name: opencode-ha-secret }]"),
      substitute("VOLSYNC_SCHEDULE: 0,30 1-5 * * 1,3,5"),
      substitute("VOLSYNC_COPYMETHOD: Clone"),
      text(certificate, "spec:\n", "spec:\n  renewBefore: 720h\n"),
      text(
        release,
        "    remediation:\n      # Pitfall 7: a key that reaches Doppler late must not leave the release failed for ever.\n      retries: 3\n",
        "    strategy: { name: RetryOnFailure }\n",
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectSilence(tree, edits);
});
