import type { V1ContainerStatus, V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { containerStatuses } from "../cluster/index.ts";

/** A Warning of Kubernetes about an object, as far as it is read here. */
export interface Warning {
  reason: string;
  message: string;
  involvedObject: { kind?: string; name?: string; fieldPath?: string };
}

/** What there is now of what such warnings are about. */
export interface Present {
  pods: readonly V1Pod[];
  claims: readonly V1PersistentVolumeClaim[];
}

/** What it told of is over, by the state of the object that it is about: events outlive their cause. */
export function hasPassed(warning: Warning, { pods, claims }: Present): boolean {
  const { kind, name } = warning.involvedObject;
  if (kind === "Pod") return pods.some((pod) => pod.metadata?.name === name && isOverFor(pod, warning));
  if (kind !== "PersistentVolumeClaim" || /resize/i.test(warning.reason)) return false;
  return claims.some(({ metadata, status }) => metadata?.name === name && status?.phase === "Bound");
}

function isOverFor(pod: V1Pod, { reason, message, involvedObject }: Warning): boolean {
  const containers = containerStatuses(pod);
  const conditions = pod.status?.conditions ?? [];
  if (reason === "FailedScheduling")
    return conditions.some(({ type, status }) => type === "PodScheduled" && status === "True");
  if (/^Failed(Mount|AttachVolume)$/.test(reason)) return containers.some(hasStarted);
  if (reason !== "Unhealthy" || !message.startsWith("Startup probe")) return false;
  return containers.some(
    ({ name, started }) => started === true && involvedObject.fieldPath?.includes(`{${name}}`),
  );
}

const hasStarted = ({ state, lastState }: V1ContainerStatus): boolean =>
  [state?.running, state?.terminated, lastState?.terminated].some((one) => one !== undefined);
