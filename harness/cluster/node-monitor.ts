/**
 * How soon the cluster takes a silent node for lost and gives up its pods, in seconds. A kubelet says that it lives every
 * second (node-args.ts): twenty missed words in a row are no false alarm on a loaded machine of two cores.
 */
export const nodeMonitor = {
  /** Kubernetes 1.35: 50 s without a word until the node is NotReady. */
  graceSeconds: 20,
  /** Kubernetes: looks every 5 s. */
  periodSeconds: 1,
  /** Kubernetes: 300 s from NotReady until the pods of an unreachable node are told to end. */
  tolerationSeconds: 2,
};

/** The same as flags of the server, in k3s's form. Only pods that name no toleration of their own get the last one. */
export const nodeMonitorArgs = [
  `--kube-controller-manager-arg=node-monitor-grace-period=${nodeMonitor.graceSeconds}s`,
  `--kube-controller-manager-arg=node-monitor-period=${nodeMonitor.periodSeconds}s`,
  `--kube-apiserver-arg=default-unreachable-toleration-seconds=${nodeMonitor.tolerationSeconds}`,
];
