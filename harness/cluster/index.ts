export { nodeCaFile } from "./base-spec.ts";
export { Cluster, type ClusterDescriptor } from "./cluster.ts";
export { type ContainerExec, execInContainer } from "./container-exec.ts";
export { withoutFrames } from "./container-output.ts";
export { type KeptRun, keptRuns, markKept } from "./kept-run.ts";
export { kubeconfigInside } from "./kubeconfig-inside.ts";
export { removeKept, removeLeftovers, removeRun } from "./leftovers.ts";
export { engineHost, LocalContainer } from "./local-container.ts";
export { namesOfHost } from "./names-of-host.ts";
export { NetworkedContainer } from "./networked-container.ts";
export type { ClusterNode } from "./node.ts";
export { gatewayNodePorts, poolDir } from "./node-containers.ts";
export { nodeMonitor } from "./node-monitor.ts";
export {
  type AnyObject,
  isNotFound,
  ObjectClient,
  type ObjectSelection,
  UnknownKindError,
} from "./object-client.ts";
export { containerStatuses, type ExecResult, isReady, type PodContainer, stuckAmong } from "./pods.ts";
export { pressedNode, untilPressed } from "./pressed-node.ts";
export { keepRefused, type RefusedAddress, refusedAddresses } from "./refused-addresses.ts";
export { type ClusterOptions, startCluster, startNetwork } from "./start-cluster.ts";
export type { Verdict, Wait } from "./wait.ts";
