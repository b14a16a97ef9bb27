import { mark } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { explain } from "../diagnosis/index.ts";

/** Longest time for kubectl to evict: the pods' 30 s of grace, and a margin. */
const evictWithinSeconds = 45;

/**
 * `kubectl drain`, as a person does it before a reboot; with a selector only those pods go. Throws with what kubectl said
 * when a pod cannot be evicted.
 */
export async function drain(cluster: Cluster, node: string, podSelector?: string): Promise<void> {
  mark(`node ${node} is drained`);
  const drained = cluster.kubectl(
    "drain",
    node,
    "--ignore-daemonsets",
    "--delete-emptydir-data",
    `--timeout=${evictWithinSeconds}s`,
    ...(podSelector === undefined ? [] : [`--pod-selector=${podSelector}`]),
  );
  await explain(drained);
}

/** Lets pods onto the node again. */
export async function uncordon(cluster: Cluster, node: string): Promise<void> {
  mark(`node ${node} takes pods again`);
  await cluster.kubectl("uncordon", node);
}

/** Uncordons the node when it is disposed of, whatever has happened to it until then. */
export function uncordoned(cluster: Cluster, node: string): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => uncordon(cluster, node) };
}
