import type { Failure } from "../../result.ts";

const release = "manifests/kubernetes/apps/opencode/opencode-flux/app/helmrelease.yaml";

export const failure: Failure = {
  code: "failed",
  message:
    "expected that a new pod of opencode-flux is Ready on another node than agent-1: it cannot come: no node takes pod opencode-flux-6d5f7c9b4-q8x2m: 0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable",
  remedy:
    "pitfall 6: keep everything on ceph-block (no storageClassName in kubernetes/templates/volsync/claim.yaml), and pin opencode-flux to no node (nodeSelector, affinity in its HelmRelease)",
  where: [
    "manifests/kubernetes/templates/volsync/claim.yaml:9 (PersistentVolumeClaim opencode-flux, spec.storageClassName, which is not there)",
    `${release}:21 (HelmRelease opencode-flux, spec.values.defaultPodOptions.nodeSelector)`,
  ],
  excerpts: [
    {
      where: `${release}:21 (HelmRelease opencode-flux, spec.values.defaultPodOptions.nodeSelector)`,
      file: release,
      line: 21,
      firstLine: 17,
      lines: [
        "    controllers:",
        "      opencode-flux:",
        "        strategy: Recreate",
        "    defaultPodOptions:",
        "      nodeSelector: { kubernetes.io/hostname: agent-1 } # the fast one",
        "      securityContext:",
        "        runAsUser: 1000",
        "        runAsGroup: 1000",
        "        fsGroup: 1000",
        "        fsGroupChangePolicy: OnRootMismatch",
      ],
    },
  ],
  at: "scenarios/drain.scenario.ts:51",
  details:
    "Pod opencode-flux-6d5f7c9b4-q8x2m: FailedScheduling: 0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector\nlog of opencode-ha-7c9d8b6f5-zk4lp/app:\nopencode server listening on http://0.0.0.0:4096",
};
