import type { Mutant, Tree } from "../harness/index.ts";

const workspaces = ["opencode-flux", "opencode-ha"];
const app = (workspace: string) => `kubernetes/apps/opencode/${workspace}/app`;
const claim = "kubernetes/templates/volsync/claim.yaml";
const document = "kubernetes/apps/opencode/node-lost.md";
const taint = 'kubectl taint node "$NODE" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute';

interface HelmReleaseSpec {
  values: { persistence: { data: Record<string, unknown> } };
}

/** Directories that every node has and that OpenCode's user may write to: the kubelet gives a hostPath to nobody. */
const directoryOf = (workspace: string) => (workspace === "opencode-flux" ? "/tmp" : "/var/tmp");

/** A volume of one's own beside each workspace, and the claim for it. */
function ownVolumes(source: (workspace: string) => string, accessMode: string): (tree: Tree) => void {
  return (tree) => {
    for (const workspace of workspaces) {
      tree.add(`${app(workspace)}/volume.yaml`, ownVolume(workspace, source(workspace), accessMode));
      tree.replaceText(
        `${app(workspace)}/kustomization.yaml`,
        "  - ./helmrelease.yaml\n",
        "  - ./helmrelease.yaml\n  - ./volume.yaml\n",
      );
    }
    tree.replaceText(
      claim,
      "  accessModes: [ReadWriteOnce]\n",
      `  accessModes: [${accessMode}]\n  storageClassName: own\n`,
    );
  };
}

function ownVolume(workspace: string, source: string, accessMode: string): string {
  return `---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: ${workspace}-own
spec:
  accessModes: [${accessMode}]
  capacity:
    storage: 5Gi
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    name: ${workspace}
    namespace: opencode
${source}
  persistentVolumeReclaimPolicy: Retain
  storageClassName: own
`;
}

const fence = (commands: string) => `\n\`\`\`sh\n${commands}\n\`\`\`\n`;
const work = "a session and three kinds of work are left on the volume";
const stuck = "the node dies without a word, and its workspaces hang as pitfall 6 says";
const recovered = "the operator's document brings them back on another node";
const returned = "the node returns, and takes pods again when the document is done";

export const mutants: Mutant[] = [
  {
    name: "document-forces-pods",
    title: "the document deletes the dead node's pods by force instead of taking it out of service",
    pitfall: 6,
    overRunning: true,
    edit: (tree) =>
      tree.replaceText(
        document,
        fence(taint),
        fence('kubectl --namespace opencode delete pods --force --field-selector spec.nodeName="$NODE"'),
      ),
    caughtBy: {
      step: recovered,
      message:
        /the document's commands free the volumes of agent-\d: not within 45 s; .* still attached to agent-\d/,
    },
  },
  {
    name: "document-keeps-taint",
    title: "the document forgets to take the taint away from the node that is back",
    pitfall: 6,
    overRunning: true,
    edit: (tree) => tree.replaceText(document, fence(`${taint}-`), "\n"),
    caughtBy: { step: returned, message: /agent-\d should take pods again .* still has the taint/ },
  },
  {
    name: "host-path-storage",
    title: "OpenCode's data and the code are kept in a directory of the node",
    pitfall: 6,
    edit: (tree) => {
      for (const name of workspaces) {
        tree.editObject({ kind: "HelmRelease", name }, (object) => {
          const { data } = (object.spec as HelmReleaseSpec).values.persistence;
          delete data.existingClaim;
          Object.assign(data, { type: "hostPath", hostPath: directoryOf(name) });
        });
      }
    },
    caughtBy: { step: work, message: /is kept on hostPath, not on a PersistentVolumeClaim/ },
  },
  {
    name: "volume-without-attachment",
    title: "the volumes are directories of a share that every node has mounted, which nobody attaches",
    pitfall: 6,
    edit: ownVolumes((workspace) => `  hostPath:\n    path: ${directoryOf(workspace)}`, "ReadWriteMany"),
    caughtBy: {
      step: stuck,
      message:
        /opencode-\w+ should not start on another node while agent-\d is only out of reach .* nothing attaches volume opencode-\w+-own \(hostPath/,
    },
  },
];
