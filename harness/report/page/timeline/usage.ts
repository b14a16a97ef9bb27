import type { PodUsage } from "../run-page-data.ts";
import { workloadName } from "../workload-name.ts";

/** What the pods of one workload used; each pod is a line of its own. */
export interface WorkloadUsage {
  name: string;
  limitBytes: number | undefined;
  pods: { atMs: number; bytes: number; millicores: number }[][];
  peakBytes: number;
  peakMillicores: number;
}

/** What needs less than this part of the hungriest would be a line at the foot. */
const worthAChart = 1 / 6;

/** The workloads that needed most memory, by time since the run's beginning, and those beside them that needed little. */
export function workloadsOf(
  usage: readonly PodUsage[],
  beginAt: number,
): { shown: WorkloadUsage[]; others: WorkloadUsage[] } {
  const groups = Map.groupBy(usage, ({ namespace, pod }) => `${namespace}/${workloadName(pod)}`);
  const all = [...groups].map(([name, pods]) => {
    const lines = pods.map((pod) => lineOf(pod, beginAt)).filter((line) => line.length > 0);
    const points = lines.flat();
    return {
      name,
      limitBytes: pods.find(({ limitBytes }) => limitBytes !== undefined)?.limitBytes,
      pods: lines,
      peakBytes: Math.max(0, ...points.map(({ bytes }) => bytes)),
      peakMillicores: Math.max(0, ...points.map(({ millicores }) => millicores)),
    };
  });
  const sorted = all.filter(({ pods }) => pods.length > 0).sort((a, b) => b.peakBytes - a.peakBytes);
  const least = (sorted[0]?.peakBytes ?? 0) * worthAChart;
  return {
    shown: sorted.filter(({ peakBytes }) => peakBytes >= least),
    others: sorted.filter(({ peakBytes }) => peakBytes < least),
  };
}

/** A pod that was looked at once is a dash, not nothing. */
const dashMs = 2_500;

/** Before its first figures a kubelet says 0; a world that is used again has figures of before this run. */
function lineOf({ samples }: PodUsage, beginAt: number): WorkloadUsage["pods"][number] {
  const points = samples
    .filter(([at, bytes]) => bytes > 0 && at >= beginAt)
    .map(([at, bytes, millicores]) => ({ atMs: at - beginAt, bytes, millicores }));
  const [only] = points;
  if (points.length !== 1 || !only) return points;
  return [
    { ...only, atMs: only.atMs - dashMs },
    { ...only, atMs: only.atMs + dashMs },
  ];
}
