import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import {
  CoreV1Api,
  Exec,
  type KubeConfig,
  type V1ContainerStatus,
  type V1Pod,
  type V1Status,
} from "@kubernetes/client-node";
import { HarnessError, messageOf } from "../base/index.ts";
import type { Stuck } from "./wait.ts";

export interface ExecResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** One container of a pod. */
export interface PodContainer {
  namespace: string;
  pod: string;
  container: string;
}

/** Runs a command in a running container, without a shell of its own. Does not throw on a non-zero exit code. */
export async function execInPod(
  config: KubeConfig,
  target: PodContainer,
  command: string[],
  stdin?: string,
): Promise<ExecResult> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = Promise.all([text(stdout), text(stderr)]);
  const { promise, resolve, reject } = Promise.withResolvers<V1Status>();
  const input = stdin === undefined ? null : PassThrough.from([stdin]);
  const socket = await new Exec(config).exec(
    target.namespace,
    target.pod,
    target.container,
    command,
    stdout,
    stderr,
    input as PassThrough | null,
    false,
    resolve,
  );
  const gone = () =>
    reject(
      new HarnessError(`exec in ${target.pod}: the connection ended without a status`, { code: "failed" }),
    );
  socket.on("close", gone);
  const status = await promise;
  socket.close();
  stdout.end();
  stderr.end();
  const [out, err] = await output;
  return { stdout: out, stderr: err, exitCode: exitCodeOf(status) };
}

function exitCodeOf(status: V1Status): number {
  if (status.status === "Success") return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode");
  if (cause?.message) return Number(cause.message);
  throw new HarnessError(`exec failed: ${status.message}`, { code: "failed" });
}

/** The container's log; `previous` is that of its last, ended instance. Empty where it has none (yet). */
export async function podLog(
  config: KubeConfig,
  target: PodContainer,
  options: { previous?: boolean; tailLines?: number } = {},
): Promise<string> {
  const api = config.makeApiClient(CoreV1Api);
  try {
    return await api.readNamespacedPodLog({
      name: target.pod,
      namespace: target.namespace,
      container: target.container,
      ...options,
    });
  } catch (error) {
    const code = (error as { code?: number }).code;
    if (code === 400 || code === 404) return ""; // waiting to start, or no previous instance
    if (/No Content-Type defined/.test(messageOf(error))) return ""; // no node has taken the pod: an empty answer
    throw error;
  }
}

export function isReady(pod: V1Pod): boolean {
  return !pod.metadata?.deletionTimestamp && conditionOf(pod, "Ready") === "True";
}

/** What is said of each container of a pod, init containers first. */
export function containerStatuses({ status }: Pick<V1Pod, "status">): V1ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function conditionOf(pod: V1Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status;
}

/**
 * The pod of these that will not get better by waiting, in one line naming the container, or undefined. Kubernetes keeps
 * retrying such pods for ever; two failed starts of the same container are taken as its answer.
 */
export function stuckAmong(pods: readonly V1Pod[]): Stuck | undefined {
  const stuck = pods.map(stuckPod).filter((one) => one !== undefined);
  return stuck.find(({ forMs }) => forMs === undefined) ?? stuck[0];
}

function stuckPod(pod: V1Pod): Stuck | undefined {
  if (pod.metadata?.deletionTimestamp) return undefined;
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses) {
    const { waiting, terminated } = status.state ?? {};
    const name = `container ${status.name} of pod ${pod.metadata?.name}`;
    const { reason = "" } = waiting ?? {};
    if (fatalReasons.has(reason) || triedAgain.has(reason)) {
      const held = triedAgain.has(reason) ? { of: name, forMs: triedAgainForMs } : {};
      return { stuck: `${name}: ${reason}: ${waiting?.message ?? ""}`, ...held };
    }
    // Between its attempts, the second at least: one that runs may still succeed.
    const last =
      terminated ?? (waiting?.reason === "CrashLoopBackOff" ? status.lastState?.terminated : undefined);
    if (last && last.exitCode !== 0 && status.restartCount >= 1) {
      return {
        stuck: `${name} ended ${status.restartCount + 1} times, last with exit code ${last.exitCode} (${last.reason})`,
      };
    }
  }
  return undefined;
}

/** The kubelet does not try again, or finds the same each time. */
const fatalReasons = new Set(["InvalidImageName", "ErrImageNeverPull"]);

/** What passes where a registry or a busy node had no answer: the kubelet tries again after 10 s, and after 20 s more. */
const triedAgain = new Set(["ErrImagePull", "ImagePullBackOff", "CreateContainerError", "RunContainerError"]);
const triedAgainForMs = 25_000;
