import type { V1PersistentVolume, V1Pod } from "@kubernetes/client-node";
import { HarnessError, outlastMs, type StepSurroundings, withRemedy } from "../base/index.ts";
import { type AnyObject, containerStatuses, type Verdict } from "../cluster/index.ts";
import { claim } from "../diagnosis/index.ts";
import { seconds } from "../workspace/index.ts";
import type { LostNode, LostWorkspace } from "./lost-node.ts";
import { homelessReason } from "./move.ts";

/** Longest time until the cluster has noticed a dead node and told its pods to end: 22 s (nodeMonitor), and a margin. */
const noticedWithinMs = 60_000;
/** Kubernetes tries to attach as soon as the new pod has a node. */
const refusedWithinMs = 20_000;

const exclusive =
  "keep everything on ceph-block: ReadWriteOnce, and no storageClassName or volume of your own; only a volume that is attached to one node is safe from a second writer, and follows its pod (pitfall 6)";

/** Waits until every workspace of the lost node hangs as pitfall 6 describes it, and shows that it does. */
export async function untilStuck(lost: LostNode, { signal, progress }: StepSurroundings): Promise<void> {
  const seen = await Promise.all(
    lost.workspaces.map((workspace) => untilOneIsStuck(lost, workspace, signal)),
  );
  const after = `${seconds(Date.now() - lost.at)} after ${lost.node.name} died`;
  for (const line of seen) progress.note(`${after} ${line}`);
}

async function untilOneIsStuck(lost: LostNode, of: LostWorkspace, signal: AbortSignal): Promise<string> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const started = untilStarted(lost, of, either);
  try {
    const isOnlyOne = of.workspace.facts.workload.kind === "StatefulSet";
    const stuck = isOnlyOne ? untilLeaving(lost, of, either) : untilRefused(lost, of, either);
    const why = await Promise.race([withRemedy(stuck, exclusive), started]);
    await expectStillAttached(lost, of);
    return `pod ${of.pod.metadata?.name} is Terminating there and has its volume; ${why}`;
  } finally {
    over.abort();
    await Promise.allSettled([started]);
  }
}

/** The old pod is Terminating for ever, and a new one has been given another node. */
async function untilReplaced({ node }: LostNode, of: LostWorkspace, signal: AbortSignal): Promise<V1Pod> {
  return of.workspace.cluster.wait({
    what: `the pod of ${of.workspace.name} on ${node.name} is Terminating, and a new one has another node`,
    ...(await of.workspace.podSelection()),
    timeoutMs: noticedWithinMs + toleratedMs(of.pod),
    signal,
    until: (objects) => replacement(node.name, of.pod, objects as V1Pod[]),
    diagnose: () => of.workspace.diagnose(),
  });
}

const unreachable = "node.kubernetes.io/unreachable";

/** How long a pod stays on a node that does not answer; the shortest that it names counts, as in Kubernetes. */
export function toleratedMs({ spec }: Pick<V1Pod, "spec">): number {
  const seconds = (spec?.tolerations ?? [])
    .filter(({ key, effect }) => (!key || key === unreachable) && (!effect || effect === "NoExecute"))
    .flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  return seconds.length === 0 ? 0 : Math.max(Math.min(...seconds), 0) * 1_000;
}

export function replacement(node: string, old: V1Pod, pods: V1Pod[]): Verdict<V1Pod> {
  const { leaving, fresh } = sorted(old, pods);
  if (!leaving) return { stuck: `${old.metadata?.name} is gone, though nobody knows whether ${node} is off` };
  if (!leaving.metadata?.deletionTimestamp)
    return { waiting: `${old.metadata?.name} is not told to end yet` };
  const homeless = fresh.map(homelessReason).find((reason) => reason !== undefined);
  if (homeless) return { stuck: homeless };
  const placed = fresh.find(({ spec }) => spec?.nodeName !== undefined && spec.nodeName !== node);
  return placed ? { ready: placed } : { waiting: "no new pod with a node yet" };
}

/** The one pod of a StatefulSet is Terminating for ever, and no other comes in its place. */
async function untilLeaving({ node }: LostNode, of: LostWorkspace, signal: AbortSignal): Promise<string> {
  return of.workspace.cluster.wait({
    what: `the pod of ${of.workspace.name} on ${node.name} is Terminating`,
    ...(await of.workspace.podSelection()),
    timeoutMs: noticedWithinMs + toleratedMs(of.pod),
    signal,
    until: (objects) => {
      const { leaving } = sorted(of.pod, objects as V1Pod[]);
      if (!leaving) return { stuck: `it is gone, though nobody knows whether ${node.name} is off` };
      return leaving.metadata?.deletionTimestamp
        ? { ready: "a StatefulSet makes no other one meanwhile" }
        : { waiting: "it is not told to end yet" };
    },
    diagnose: () => of.workspace.diagnose(),
  });
}

/** Kubernetes refuses to give the volume to the new pod's node; returns its words. */
async function untilRefused(lost: LostNode, of: LostWorkspace, signal: AbortSignal): Promise<string> {
  const { node } = lost;
  const fresh = await untilReplaced(lost, of, signal);
  return of.workspace.cluster.wait({
    what: `Kubernetes refuses ${of.workspace.name} its volume with a Multi-Attach error, for ${node.name} may still write to it`,
    apiVersion: "v1",
    kind: "Event",
    namespace: of.workspace.namespace,
    timeoutMs: refusedWithinMs,
    signal,
    until: (objects) => {
      const refusal = (objects as AttachEvent[]).find(
        ({ message = "", involvedObject }) =>
          involvedObject?.name === fresh.metadata?.name && /Multi-Attach error/.test(message),
      );
      return refusal?.message
        ? { ready: `the new one waits: ${refusal.message}` }
        : { waiting: "no such event" };
    },
    diagnose: () => of.workspace.diagnose(),
  });
}

/** An event about a volume of a pod. */
export interface AttachEvent extends AnyObject {
  message?: string;
  involvedObject?: { name?: string };
}

/** Never returns; throws when a new pod runs although the old one may still do so. */
async function untilStarted(lost: LostNode, of: LostWorkspace, signal: AbortSignal): Promise<never> {
  const pod = await of.workspace.cluster.wait({
    what: `a new pod of ${of.workspace.name} starts`,
    ...(await of.workspace.podSelection()),
    timeoutMs: outlastMs,
    signal,
    until: (objects) => {
      const found = sorted(of.pod, objects as V1Pod[]).fresh.find(hasStarted);
      return found ? { ready: found } : { waiting: "none has started" };
    },
  });
  const kept = await Promise.all(of.volumes.map((volume) => describeVolume(lost, volume)));
  throw new HarnessError(
    `${of.workspace.name} should not start on another node while ${lost.node.name} is only out of reach and may still write, and started on ${pod.spec?.nodeName}: nothing attaches ${kept.join(", ") || "its data"} to one node at a time`,
    { code: "failed", remedy: exclusive, look: claimPlaces },
  );
}

const claimPlaces = [claim(undefined), { kind: "PersistentVolume", field: ["spec"] }];

async function describeVolume({ cluster }: LostNode, name: string): Promise<string> {
  const volume = (await cluster.objects.find({ apiVersion: "v1", kind: "PersistentVolume", name })) as
    | V1PersistentVolume
    | undefined;
  const { csi, hostPath, local, nfs, accessModes = [] } = volume?.spec ?? {};
  const source = csi?.driver ?? nfs?.server ?? (hostPath ? `hostPath ${hostPath.path}` : local?.path);
  return `volume ${name} (${[source, ...accessModes].join(", ")})`;
}

/** The stale attachment: the dead node still holds the volume. */
async function expectStillAttached({ cluster, node }: LostNode, of: LostWorkspace): Promise<void> {
  const all = await cluster.objects.all({ apiVersion: "storage.k8s.io/v1", kind: "VolumeAttachment" });
  const holders = all.filter(({ spec }) => of.volumes.includes(spec?.source?.persistentVolumeName));
  if (holders.some(({ spec, status }) => spec?.nodeName === node.name && status?.attached)) return;
  const seen = holders.map(({ spec }) => spec?.nodeName).join(", ") || "no node";
  throw new HarnessError(
    `the volume of ${of.workspace.name} should still be attached to ${node.name}, which nobody has made sure to be off, and is attached to ${seen}`,
    { code: "failed", remedy: exclusive, look: claimPlaces },
  );
}

function sorted(old: V1Pod, pods: V1Pod[]): { leaving: V1Pod | undefined; fresh: V1Pod[] } {
  const isOld = ({ metadata }: V1Pod) => metadata?.uid === old.metadata?.uid;
  return { leaving: pods.find(isOld), fresh: pods.filter((pod) => !isOld(pod)) };
}

/** A container of the pod runs or has run: its volumes are mounted. */
export function hasStarted(pod: V1Pod): boolean {
  return containerStatuses(pod).some(
    ({ state }) => state?.running !== undefined || state?.terminated !== undefined,
  );
}
