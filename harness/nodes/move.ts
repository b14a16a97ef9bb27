import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError, withRemedy } from "../base/index.ts";
import { isReady, stuckAmong, type Verdict } from "../cluster/index.ts";
import { claim, explain, inValues } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** When a workspace's pod went from one node to another; milliseconds since 1970, as seen by a watch. */
export interface Move {
  workspace: DeployedWorkspace;
  from: string;
  to: string;
  /** The pod was told to end. */
  evictedAt: number;
  /** Kubernetes has forgotten the pod: everything it had is taken to be free. */
  goneAt: number;
  readyAt: number;
  pod: V1Pod;
}

/** Watches a pod go, and waits until another is Ready on another node. Ends at once when no node takes the new one. */
export async function followMove(
  workspace: DeployedWorkspace,
  old: V1Pod,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<Move> {
  const from = old.spec?.nodeName ?? "";
  const selection = await workspace.podSelection();
  let [evictedAt, goneAt] = [0, 0];
  const until = (objects: V1Pod[]): Verdict<V1Pod> => {
    const leaving = objects.find(({ metadata }) => metadata?.uid === old.metadata?.uid);
    if (!leaving) goneAt ||= Date.now();
    if (!leaving || leaving.metadata?.deletionTimestamp) evictedAt ||= Date.now();
    const fresh = objects.filter(({ metadata }) => metadata?.uid !== old.metadata?.uid);
    const ready = fresh.find((pod) => isReady(pod) && pod.spec?.nodeName !== from);
    if (ready && goneAt > 0) return { ready };
    const homeless = fresh.map(homelessReason).find((reason) => reason !== undefined);
    const stuck = stuckAmong(fresh) ?? (homeless === undefined ? undefined : { stuck: homeless });
    if (stuck) return stuck;
    const states = fresh.map(
      ({ metadata, status, spec }) => `${metadata?.name} ${status?.phase} on ${spec?.nodeName}`,
    );
    return { waiting: states.join("; ") || (leaving ? "the old pod is still there" : "no pod") };
  };
  const waiting = workspace.cluster.wait({
    what: `a new pod of ${workspace.name} is Ready on another node than ${from}`,
    ...selection,
    ...options,
    until: (objects) => until(objects as V1Pod[]),
    diagnose: () => workspace.diagnose(),
  });
  const pod = await withRemedy(
    explain(waiting),
    `pitfall 6: keep everything on ceph-block (no storageClassName in kubernetes/templates/volsync/claim.yaml), and pin ${workspace.name} to no node (nodeSelector, affinity in its HelmRelease)`,
    [
      claim(workspace.name, "storageClassName"),
      inValues(workspace.name, "defaultPodOptions", "nodeSelector"),
    ],
  );
  return { workspace, from, to: pod.spec?.nodeName ?? "", evictedAt, goneAt, readyAt: Date.now(), pod };
}

/** The scheduler's words when no node takes the pod; with the drained node closed, no waiting changes that. */
export function homelessReason(pod: V1Pod): string | undefined {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") return undefined;
  return `no node takes pod ${pod.metadata?.name}: ${scheduled.message}`;
}

/** The pod's processes had let go of the volume before Kubernetes took the pod for gone (pitfall 6). */
export function expectLetGo({ workspace, from, goneAt }: Move, unmountedAt: number): void {
  if (unmountedAt <= goneAt) return;
  throw new HarnessError(
    `the pod of ${workspace.name} was gone from Kubernetes ${unmountedAt - goneAt} ms before ${from} had unmounted its volume: nobody waited for what its processes still had to write`,
    {
      code: "failed",
      remedy:
        "terminationGracePeriodSeconds: 30, not 0, in the HelmRelease's defaultPodOptions, so that the pod has time to release the volume (pitfall 6)",
      look: [inValues(workspace.name, "defaultPodOptions", "terminationGracePeriodSeconds")],
    },
  );
}
