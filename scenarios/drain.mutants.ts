import type { Mutant } from "../harness/index.ts";
import { addManifest, cloneAtEveryStart, inBoth, inReleases, inValues, volumesOfOneNode } from "./edits.ts";

function noGrace(deployment: string): object {
  const path = "/spec/template/spec/terminationGracePeriodSeconds";
  return {
    target: { kind: "Deployment", name: deployment },
    patch: `- op: replace\n  path: ${path}\n  value: 0\n`,
  };
}

const ready = "Flux reports everything Ready, each workspace is one pod";
const moved = "drained one way, every workspace of the node is Ready on another within 5 minutes";
const letGo = "drained one way, the volume was let go, moved, and never attached twice";
const kept = "drained one way, session, work and login are there, and nothing was cloned";

export const mutants: Mutant[] = [
  {
    name: "node-pinned-storage",
    title: "the volumes are directories of one node (local-path)",
    pitfall: 6,
    edit: volumesOfOneNode,
    caughtBy: {
      step: moved,
      message: /no node takes pod[\s\S]*volume node affinity|PersistentVolume's node affinity/,
    },
  },
  {
    name: "no-grace-period",
    title: "terminationGracePeriodSeconds is 0",
    pitfall: 6,
    // app-template drops a 0 among its values, so it takes a patch to make this mistake.
    edit: inReleases((release, workspace) => {
      release.postRenderers = [{ kustomize: { patches: [noGrace(workspace)] } }];
    }),
    caughtBy: {
      step: letGo,
      message: /was gone from Kubernetes \d+ ms before agent-\d had unmounted its volume/,
    },
  },
  {
    name: "disruption-budget",
    title: "a PodDisruptionBudget allows no eviction of the one pod",
    pitfall: 6,
    edit: inBoth((tree, workspace) =>
      addManifest(
        tree,
        workspace,
        "poddisruptionbudget.yaml",
        `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${workspace}
  namespace: opencode
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${workspace}
`,
      ),
    ),
    caughtBy: { step: moved, message: /kubectl drain[\s\S]*disruption budget/ },
  },
  {
    name: "node-selector",
    title: "the pods may run on one node only",
    pitfall: 6,
    edit: inValues(({ defaultPodOptions }) => {
      defaultPodOptions.nodeSelector = { "kubernetes.io/hostname": "agent-1" };
    }),
    caughtBy: { step: moved, message: /no node takes pod[\s\S]*node affinity\/selector/ },
  },
  {
    name: "clone-after-drain",
    title: "the repository is cloned anew whenever the pod starts",
    pitfall: 2,
    edit: cloneAtEveryStart,
    caughtBy: {
      step: kept,
      message: /the last commit in the repository of opencode-(flux|ha) is not as it was left/,
    },
  },
  {
    name: "rolling-update",
    title: "the pod is replaced by a rolling update",
    pitfall: 6,
    edit: inValues(({ controllers }, workspace) => {
      const controller = controllers[workspace];
      if (controller) controller.strategy = "RollingUpdate";
    }),
    caughtBy: {
      step: ready,
      message:
        /opencode-(flux|ha) is updated by RollingUpdate: a new pod starts while the old one has the volume/,
    },
  },
  {
    name: "two-replicas",
    title: "two replicas share one ReadWriteOnce volume",
    pitfall: 6,
    edit: inValues(({ controllers }, workspace) => {
      const controller = controllers[workspace];
      if (controller) controller.replicas = 2;
    }),
    caughtBy: {
      step: ready,
      message: /the volume of claim opencode-(flux|ha) should have one pod, and has 2/,
    },
  },
];
