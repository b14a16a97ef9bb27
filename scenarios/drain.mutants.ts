import type { Mutant, Tree } from "../harness/index.ts";

const workspaces = ["opencode-flux", "opencode-ha"];
const app = (workspace: string) => `kubernetes/apps/opencode/${workspace}/app`;
const claim = "kubernetes/templates/volsync/claim.yaml";

/** The same mistake in both workspaces, as a person makes who copies one from the other. */
function inBoth(edit: (tree: Tree, workspace: string) => void): (tree: Tree) => void {
  return (tree) => {
    for (const workspace of workspaces) edit(tree, workspace);
  };
}

interface Values {
  controllers: Record<string, Record<string, unknown>>;
  defaultPodOptions: Record<string, unknown>;
}

/** The same edit of the chart's values in both HelmReleases. */
function inValues(edit: (values: Values, workspace: string) => void): (tree: Tree) => void {
  return inBoth((tree, name) =>
    tree.editObject({ kind: "HelmRelease", name }, (object) =>
      edit((object.spec as { values: Values }).values, name),
    ),
  );
}

function addManifest(tree: Tree, workspace: string, file: string, text: string): void {
  tree.add(`${app(workspace)}/${file}`, text);
  tree.replaceText(
    `${app(workspace)}/kustomization.yaml`,
    "  - ./helmrelease.yaml\n",
    `  - ./helmrelease.yaml\n  - ./${file}\n`,
  );
}

/** A volume that is a directory of one node, as local-path makes it. */
function localVolume(workspace: string, directory: string): string {
  return `---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: ${workspace}-local
spec:
  accessModes: [ReadWriteOnce]
  capacity:
    storage: 5Gi
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    name: ${workspace}
    namespace: opencode
  local:
    path: ${directory}
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions:
            - key: kubernetes.io/hostname
              operator: In
              values: [agent-1]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: local-path
`;
}

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

export const mutants: Mutant[] = [
  {
    name: "node-pinned-storage",
    title: "the volumes are directories of one node (local-path)",
    pitfall: 6,
    edit: (tree) => {
      for (const [index, workspace] of workspaces.entries()) {
        addManifest(tree, workspace, "volume.yaml", localVolume(workspace, index === 0 ? "/srv" : "/mnt"));
      }
      tree.replaceText(
        claim,
        "  accessModes: [ReadWriteOnce]\n",
        "  accessModes: [ReadWriteOnce]\n  storageClassName: local-path\n",
      );
    },
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
    edit: inBoth((tree, name) =>
      tree.editObject({ kind: "HelmRelease", name }, (object) => {
        (object.spec as { postRenderers: object[] }).postRenderers = [
          { kustomize: { patches: [noGrace(name)] } },
        ];
      }),
    ),
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
