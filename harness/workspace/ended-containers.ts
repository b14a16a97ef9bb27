import type { V1ContainerState, V1Pod } from "@kubernetes/client-node";
import { containerStatuses } from "../cluster/index.ts";

export interface EndedContainer {
  /** One line. */
  message: string;
  pod: string;
}

/** Kubernetes gives whole seconds. */
const roundedMs = 1_000;

/**
 * Containers of these pods that have ended badly since then (milliseconds since 1970) although nobody took their pod away, and
 * pods that the kubelet has evicted: whatever was asked of them got no answer. Init containers that are to end are passed over.
 */
export function endedSince(pods: readonly V1Pod[], since: number): EndedContainer[] {
  return pods
    .filter(({ metadata }) => !metadata?.deletionTimestamp)
    .flatMap((pod) => {
      const messages = [...evicted(pod, since - roundedMs), ...ended(pod, since - roundedMs)];
      return messages.map((message) => ({ message, pod: pod.metadata?.name ?? "" }));
    });
}

function ended(pod: V1Pod, since: number): string[] {
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const lasting = [
    ...initContainers.filter(({ restartPolicy }) => restartPolicy === "Always"),
    ...containers,
  ];
  return containerStatuses(pod).flatMap(({ name, restartCount, state, lastState }) => {
    const container = lasting.find((one) => one.name === name);
    if (!container) return [];
    const last = endOf(state, since) ?? endOf(lastState, since);
    if (last === undefined) return [];
    const times = restartCount + (state?.terminated ? 1 : 0);
    const limit = container.resources?.limits?.memory;
    const ofMemory = last.reason === "OOMKilled" && limit !== undefined ? `, limit ${limit}` : "";
    return [
      `container ${name} of pod ${pod.metadata?.name} ended ${times === 1 ? "once" : `${times} times`}, last with exit code ${last.exitCode} (${last.reason ?? "no reason"}${ofMemory})`,
    ];
  });
}

/** How it ended since then; that it ended well is no trouble. */
function endOf(state: V1ContainerState | undefined, since: number) {
  const { terminated } = state ?? {};
  return terminated && terminated.exitCode !== 0 && timeOf(terminated.finishedAt) >= since
    ? terminated
    : undefined;
}

/** A watch shows times as text. Not a number, which is later than nothing, where there is none. */
const timeOf = (time: Date | string | undefined): number => new Date(time ?? Number.NaN).getTime();

function evicted({ metadata, status }: V1Pod, since: number): string[] {
  const target = status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  return status?.reason === "Evicted" && timeOf(target?.lastTransitionTime) >= since
    ? [`pod ${metadata?.name} was evicted: ${status.message}`]
    : [];
}
