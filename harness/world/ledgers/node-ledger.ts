import { nodeMonitor, poolDir } from "../../cluster/index.ts";
import type { FidelityEntry } from "../../platform/index.ts";
import type { LedgerSources } from "./sources.ts";

/** The machines, and how they are watched. */
export function nodeLedger({ source, node }: LedgerSources["images"]): FidelityEntry[] {
  const ownNode =
    source === "packages"
      ? [
          {
            part: "node image",
            production: "Talos Linux 1.12 with Kubernetes 1.35",
            here: `upstream Kubernetes 1.35 in a container (${node}), in the shape of k3s`,
            why: "no registry answers that has rancher/k3s",
            hides: "what Talos, k3s or another CNI than plain routes does differently",
          },
        ]
      : [
          {
            part: "node image",
            production: "Talos Linux 1.12 with Kubernetes 1.35",
            here: `k3s in a container (${node})`,
            why: "the nodes must start in seconds",
            hides: "what Talos does differently, its network and its storage drivers",
          },
        ];
  return [
    ...ownNode,
    {
      part: "machines",
      production: "three machines, each control plane and worker",
      here: `one server that runs the platform only, two agents for the workspaces; one kernel, one disk (${poolDir})`,
      why: "agents are to be drained and killed while the platform stays",
      hides: "the loss of a control plane, network partitions, a disk that fails",
    },
    {
      part: "what was written in the last seconds before a node is lost",
      production: "lost where nobody has synced it: a file that was renamed before can be empty afterwards",
      here: "every volume is flushed to its disk before the power is cut",
      why: "the work that is looked for afterwards must have been on the disk",
      hides:
        "a clone or a login that is renamed into place without sync; check says where a script does that",
    },
    {
      part: "how soon a node counts as lost",
      production: "NotReady after 50 s without a word, its pods told to end 300 s later",
      here: `NotReady after ${nodeMonitor.graceSeconds} s, its pods told to end ${nodeMonitor.tolerationSeconds} s later (flags of the control plane)`,
      why: "a lost node must be seen as one within seconds",
      hides:
        "how long a workspace is away before anybody can notice; nodes that fall silent for less than a minute",
    },
  ];
}
