import { it } from "vitest";
import {
  coder,
  cpuLimit,
  expectFound,
  type Mistake,
  podOption,
  release,
  substitute,
  text,
} from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "a field of Jobs, which app-template does not take": [
    "fixtures/trees/statefulset",
    [
      [
        text(
          coder("statefulset.yaml"),
          "      enableServiceLinks: false\n",
          "      enableServiceLinks: false\n      activeDeadlineSeconds: 3600\n",
        ),
        "refused",
        /activeDeadline/,
        /for Jobs/,
      ],
    ],
  ],
  "what the API server refuses, and what is too small or too large": [
    "manifests",
    [
      [
        text("kubernetes/apps/opencode/kustomization.yaml", "  - ./namespace.yaml\n", ""),
        "namespace-missing",
        /targetNamespace: opencode/,
        /list kubernetes\/apps\/opencode\/namespace\.yaml/,
      ],
      [
        text(release, "sizeLimit: 2Gi", "sizeLimit: 2Gi\n        medium: Memory"),
        "scratch-small",
        /Memory/,
        /killed/,
      ],
      [
        text(release, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 3600"),
        "no-grace-period",
        /3600/,
        /drain waits/,
      ],
      [
        text(release, "type: RuntimeDefault", "type: runtimeDefault"),
        "refused",
        /seccompProfile/,
        /RuntimeDefault/,
      ],
      [
        text(
          release,
          `              requests:\n                cpu: 100m\n                memory: 256Mi\n${cpuLimit}`,
          `              requests:\n                cpu: 10m\n                memory: 256Mi\n${cpuLimit.replace("500m", "50m")}`,
        ),
        "resources",
        /50m/,
        /100 s to start/,
      ],
      [podOption("hostname: ha.opencode"), "refused", /hostname/, /one label/],
      [podOption("dnsPolicy: None"), "refused", /dnsPolicy/, /no server/],
      [text(release, "subPath: workspace\n", "subPath: /workspace\n"), "refused", /subPath/, /not relative/],
      [substitute("VOLSYNC_SCHEDULE: '0 0 1 1 *'"), "backup-time", /0 0 1 1/, /365 days/],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
