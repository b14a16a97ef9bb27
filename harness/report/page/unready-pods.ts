import { z } from "zod";
import { yamlObjects } from "./yaml-objects.ts";

/** A pod that was not as it should be when the evidence was taken. */
export interface UnreadyPod {
  namespace: string;
  name: string;
  /** One line for each container that has something to say, or what the scheduler said. */
  troubles: string[];
  /** Containers whose logs tell more: those that ended, restarted or are not Ready. */
  containers: string[];
}

const terminated = z.looseObject({
  exitCode: z.number(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
const state = z.looseObject({
  waiting: z.looseObject({ reason: z.string().optional(), message: z.string().optional() }).optional(),
  terminated: terminated.optional(),
});
const containerStatus = z.looseObject({
  name: z.string(),
  ready: z.boolean().optional(),
  restartCount: z.number().optional(),
  state: state.optional(),
  lastState: state.optional(),
});
const pod = z.looseObject({
  metadata: z.looseObject({ namespace: z.string().optional(), name: z.string() }),
  status: z.looseObject({
    phase: z.string().optional(),
    conditions: z
      .array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().optional() }))
      .optional(),
    initContainerStatuses: z.array(containerStatus).optional(),
    containerStatuses: z.array(containerStatus).optional(),
  }),
});

type Pod = z.infer<typeof pod>;
type ContainerStatus = z.infer<typeof containerStatus>;

/** From the pods as the evidence stores them; of those that are Ready only the ones that were restarted. */
export function unreadyPods(podYaml: string): UnreadyPod[] {
  const pods = yamlObjects(podYaml, pod);
  return pods.filter(({ status }) => status.phase !== "Succeeded").flatMap(troubledPod);
}

function troubledPod({ metadata, status }: Pod): UnreadyPod[] {
  const unscheduled = (status.conditions ?? []).filter(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const told = all.map((one) => ({ name: one.name, trouble: troubleOf(one) }));
  const found = told.filter(({ trouble }) => trouble !== undefined);
  const troubles = [
    ...unscheduled.map(({ message }) => `not scheduled: ${message ?? "nobody says why"}`),
    ...found.map(({ name, trouble }) => `${name}: ${trouble}`),
  ];
  if (troubles.length === 0) return [];
  const { namespace = "", name } = metadata;
  return [{ namespace, name, troubles, containers: found.map((one) => one.name) }];
}

function troubleOf({
  ready,
  restartCount = 0,
  state = {},
  lastState = {},
}: ContainerStatus): string | undefined {
  const restarts =
    restartCount === 0 ? "" : `, restarted ${restartCount === 1 ? "once" : `${restartCount} times`}`;
  const before = lastState.terminated === undefined ? "" : `, last time ${endOf(lastState.terminated)}`;
  if (state.waiting) {
    const { reason = "waiting", message } = state.waiting;
    // What waits for the containers before it has nothing to say itself.
    if (reason === "PodInitializing") return undefined;
    return `${reason}${message === undefined ? "" : `: ${message}`}${restarts}${before}`;
  }
  if (state.terminated && state.terminated.exitCode !== 0)
    return `${endOf(state.terminated)}${restarts}${before}`;
  if (state.terminated) return undefined;
  if (restartCount > 0) return `running${restarts}${before}`;
  return ready === false ? "running, not Ready" : undefined;
}

function endOf({ exitCode, reason = "ended", message }: z.infer<typeof terminated>): string {
  return `${reason} with exit code ${exitCode}${message === undefined ? "" : `: ${message.trim()}`}`;
}
