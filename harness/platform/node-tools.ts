import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import type { Cluster, PodContainer } from "../cluster/index.ts";

/**
 * The storage driver's pod of a node: there is one on every node, it runs the harness's own image with everything that
 * looking needs (git, GNU's tools, e2fsprogs, Node), and it sees each volume where the kubelet has it.
 */
export const nodeTools = {
  namespace: "rook-ceph",
  labels: { app: "csi-rbdplugin" },
  container: "csi-rbdplugin",
  /**
   * Another container of it, with the same image and the node's own directories. Not the driver's: that must find each
   * volume mounted once.
   */
  lookout: "node-directories",
};

/** Where the lookout has the root of its node. */
export const nodeRoot = "/node";

/** Where a command runs with the harness's tools on this node, as root of it; `container` of that pod, the driver's by default. */
export async function toolsOn(
  cluster: Pick<Cluster, "pods">,
  node: string,
  container: string = nodeTools.container,
): Promise<PodContainer> {
  const { namespace, labels } = nodeTools;
  const pods: V1Pod[] = await cluster.pods(namespace, `app=${labels.app}`);
  const pod = pods.find(({ spec, metadata }) => spec?.nodeName === node && !metadata?.deletionTimestamp);
  if (pod?.metadata?.name) return { namespace, pod: pod.metadata.name, container };
  throw new HarnessError(`node ${node} has no pod ${labels.app}, which holds the harness's tools`, {
    code: "environment",
    remedy: "see why it is not there: evidence/ has the events and pods of namespace rook-ceph",
  });
}
