import type { Mutant } from "../harness/index.ts";
import { cloneAtEveryStart, inValues, ownVolumes } from "./edits.ts";

const document = "kubernetes/apps/opencode/node-lost.md";
const taint = 'kubectl taint node "$NODE" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute';

/** Directories that every node has and that OpenCode's user may write to: the kubelet gives a hostPath to nobody. */
const directoryOf = (workspace: string) => (workspace === "opencode-flux" ? "/tmp" : "/var/tmp");

const fence = (commands: string) => `\n\`\`\`sh\n${commands}\n\`\`\`\n`;
const work = "a session and three kinds of work are left on the volume";
const stuck = "the node loses its power, and its workspaces hang as pitfall 6 says";
const recovered = "the operator's document brings them back on another node";
const kept = "session, work and login are there, nothing was cloned, and the volume is sound";
const returned = "the node returns, and takes pods again when the document is done";

/*
 * A script that renames without sync before it is none either: what the scenario looks for is flushed before the power is cut,
 * since nothing says that the kernel must lose it. The check tells of such a script, the fidelity ledger of the difference.
 *
 * No edit of the tree makes "no volume is attached or mounted twice" fail and lets the steps before it pass: two pods of a
 * workspace fail at the first step. Its controls are attachment.test.ts and mounted-volume.test.ts of harness/volumes.
 */
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
        /the document's commands free the volumes of agent-\d: not within [\d.]+ s; .* still attached to agent-\d/,
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
    name: "clone-after-crash",
    title: "the repository is cloned anew whenever the pod starts",
    pitfall: 2,
    overRunning: true,
    edit: cloneAtEveryStart,
    caughtBy: {
      step: kept,
      message: /the last commit in the repository of opencode-(flux|ha) is not as it was left/,
    },
  },
  {
    name: "host-path-storage",
    title: "OpenCode's data and the code are kept in a directory of the node",
    pitfall: 6,
    edit: inValues(({ persistence }, workspace) => {
      delete persistence.data.existingClaim;
      Object.assign(persistence.data, { type: "hostPath", hostPath: directoryOf(workspace) });
    }),
    caughtBy: { step: work, message: /is kept on hostPath, not on a PersistentVolumeClaim/ },
  },
  {
    name: "volume-without-attachment",
    title: "the volumes are directories of a share that every node has mounted, which nobody attaches",
    pitfall: 6,
    edit: ownVolumes({
      storageClass: "own",
      accessMode: "ReadWriteMany",
      source: (workspace) => `  hostPath:\n    path: ${directoryOf(workspace)}`,
    }),
    caughtBy: {
      step: stuck,
      message:
        /opencode-\w+ should not start on another node while agent-\d is only out of reach .* nothing attaches volume opencode-\w+-own \(hostPath/,
    },
  },
];
