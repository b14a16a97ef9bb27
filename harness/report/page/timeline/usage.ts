import type { PodUsage } from "../run-page-data.ts";

/** What the pods of one workload used; each pod is a line of its own. */
export interface WorkloadUsage {
  name: string;
  limitBytes: number | undefined;
  pods: { atMs: number; bytes: number; millicores: number }[][];
  peakBytes: number;
  peakMillicores: number;
}

/** More would be a wall. */
const mostWorkloads = 8;

/** The workloads that needed most memory, by time since the run's beginning. */
export function workloadsOf(
  usage: readonly PodUsage[],
  beginAt: number,
): { shown: WorkloadUsage[]; others: number } {
  const groups = Map.groupBy(usage, ({ namespace, pod }) => `${namespace}/${workloadName(pod)}`);
  const all = [...groups].map(([name, pods]) => {
    const lines = pods.map(({ samples }) =>
      samples.map(([at, bytes, millicores]) => ({ atMs: at - beginAt, bytes, millicores })),
    );
    const points = lines.flat();
    return {
      name,
      limitBytes: pods.find(({ limitBytes }) => limitBytes !== undefined)?.limitBytes,
      pods: lines,
      peakBytes: Math.max(0, ...points.map(({ bytes }) => bytes)),
      peakMillicores: Math.max(0, ...points.map(({ millicores }) => millicores)),
    };
  });
  const sorted = all.sort((a, b) => b.peakBytes - a.peakBytes);
  return { shown: sorted.slice(0, mostWorkloads), others: Math.max(0, sorted.length - mostWorkloads) };
}

/** `opencode-flux-6d5f7c9b4-x2x4z` → `opencode-flux`; of a DaemonSet's pod only the last part is made up. */
function workloadName(pod: string): string {
  return pod.replace(/(-[a-f0-9]{6,10})?-[a-z0-9]{5}$/, "");
}
