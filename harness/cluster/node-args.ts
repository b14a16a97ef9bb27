import { refuseOutside } from "./refuse-outside.ts";

/**
 * How the container's engine starts a node. An engine gives a container private mounts; the storage driver and
 * `mountPropagation` need shared ones, and k3s's image does not make them so (nor what is left of them after a restart of the
 * container, hence as its entrypoint), nor does it refuse addresses outside. `exec`: k3s clears its control groups for pods only as process 1.
 */
export const nodeEntrypoint = [
  "/bin/sh",
  "-c",
  `sh ${refuseOutside.target} && mount --make-rshared / && exec /bin/k3s "$@"`,
  "k3s",
];

/**
 * Flags of every node, in k3s's form. Each is another default of k3s or of the kubelet than a run needs; our own node
 * image has the same defaults, so that none of these can get lost unnoticed.
 */
export const everyNodeArgs = [
  // An image that the mirror lacks must fail, not come from the internet.
  "--disable-default-registry-endpoint",
  // The kubelet of 1.35 starts on cgroup v2 only.
  "--kubelet-arg=fail-cgroupv1=false",
  // k3s evicts at 5 % of free disk: on a laptop with a full disk nothing would run. What the harness needs, doctor asks for.
  "--kubelet-arg=eviction-hard=imagefs.available<0%,nodefs.available<0%,imagefs.inodesFree<0%,nodefs.inodesFree<0%",
  "--kubelet-arg=image-gc-high-threshold=100",
  // A minute otherwise, in which a mount that failed is not tried again.
  "--kubelet-arg=sync-frequency=10s",
  // 10 s otherwise. Only with its status a kubelet says that it has let a volume go, and a new pod on another node waits for
  // that each time; node-monitor.ts takes a node for lost that has missed many.
  "--kubelet-arg=node-status-update-frequency=1s",
];
