import type { V1Deployment, V1Pod, V1StatefulSet, V1Volume } from "@kubernetes/client-node";
import { HarnessError, outlastMs } from "../base/index.ts";
import { inController } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/**
 * Watches for a volume that two pods want to keep; never returns. Events would not do: Kubernetes also tells of
 * Multi-Attach for a moment when a pod follows another one to the next node.
 */
export async function untilWantedTwice(
  workspaces: readonly DeployedWorkspace[],
  signal: AbortSignal,
): Promise<never> {
  const namespaces = Map.groupBy(workspaces, ({ namespace }) => namespace);
  return Promise.race([...namespaces].map(([namespace, own]) => untilWantedTwiceIn(namespace, own, signal)));
}

async function untilWantedTwiceIn(
  namespace: string,
  own: readonly DeployedWorkspace[],
  signal: AbortSignal,
): Promise<never> {
  const [{ cluster }] = own as [DeployedWorkspace];
  const forMany = new Set<string>();
  for (;;) {
    const { claim, pods } = await cluster.wait({
      what: "a volume is wanted by two pods",
      apiVersion: "v1",
      kind: "Pod",
      namespace,
      timeoutMs: outlastMs,
      signal,
      until: (objects) => {
        const shared = sharedClaim(objects as V1Pod[], (one, sharing) =>
          concerns(own, sharing, forMany.has(one)),
        );
        return shared ? { ready: shared } : { waiting: "no such volume" };
      },
    });
    const selection = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claim };
    const { accessModes = [] } = (await cluster.objects.find(selection))?.spec ?? {};
    const isForMany = accessModes.some((mode: string) => /Many$/.test(mode));
    if (!isForMany || concerns(own, pods, true)) throw onePodOnly(claim, pods);
    forMany.add(claim);
  }
}

/**
 * Whether it is for these workspaces to say that the pods share a claim: one of theirs is among them; of a claim that is made
 * for many (a library of films, for instance) two of one workspace.
 */
export function concerns(
  own: readonly Pick<DeployedWorkspace, "facts">[],
  pods: readonly V1Pod[],
  isForMany: boolean,
): boolean {
  const counts = own.map(({ facts }) => {
    const wanted = Object.entries(facts.selector);
    return pods.filter(({ metadata }) => wanted.every(([key, value]) => metadata?.labels?.[key] === value))
      .length;
  });
  return counts.some((count) => count >= (isForMany ? 2 : 1));
}

/** VolSync's mover: with copyMethod Direct it looks at the workspace's own volume, on the same node, and goes. */
const isMover = ({ metadata }: V1Pod): boolean =>
  (metadata?.ownerReferences ?? []).some(
    ({ kind, name }) => kind === "Job" && name.startsWith("volsync-src-"),
  );

/** One that has ended has let its volume go: of a mover that failed its Job starts another one. */
const wantsItsVolumes = (pod: V1Pod): boolean =>
  !pod.metadata?.deletionTimestamp &&
  !["Succeeded", "Failed"].includes(pod.status?.phase ?? "") &&
  !isMover(pod);

/** The first claim that two pods mount, neither of which has ended or is on its way out, and that `isMeant`. */
export function sharedClaim(
  pods: V1Pod[],
  isMeant: (claim: string, sharing: readonly V1Pod[]) => boolean = () => true,
): { claim: string; pods: V1Pod[] } | undefined {
  const users = new Map<string, V1Pod[]>();
  for (const pod of pods.filter(wantsItsVolumes)) {
    for (const { persistentVolumeClaim } of pod.spec?.volumes ?? []) {
      const claim = persistentVolumeClaim?.claimName;
      if (claim) users.set(claim, [...(users.get(claim) ?? []), pod]);
    }
  }
  const [found] = [...users].filter(([claim, sharing]) => sharing.length > 1 && isMeant(claim, sharing));
  return found && { claim: found[0], pods: found[1] };
}

/** The workspace is one pod, and stays one while it is updated. */
export async function expectOnePod(workspace: DeployedWorkspace): Promise<void> {
  const [pods, workload] = await Promise.all([workspace.pods(), workspace.workload()]);
  if (pods.length !== 1) throw onePodOnly(workspace.name, pods);
  const way = overlap(workload);
  if (way === undefined) return;
  throw new HarnessError(
    `${workspace.name} is updated by ${way}: a new pod starts while the old one has the volume`,
    {
      code: "failed",
      remedy:
        "strategy: Recreate: with any other one the update hangs whenever the scheduler takes another node, and on the same node two processes write to one database (pitfall 6)",
      look: [inController(workspace.name, "strategy")],
    },
  );
}

/** How a Deployment with a claim gives itself a second pod for a while; a StatefulSet never does. */
export function overlap(workload: V1Deployment | V1StatefulSet): string | undefined {
  if (workload.kind === "StatefulSet" || !workload.spec?.template.spec?.volumes?.some(isClaim))
    return undefined;
  const { strategy } = (workload as V1Deployment).spec ?? {};
  return strategy?.type === "Recreate" ? undefined : (strategy?.type ?? "RollingUpdate");
}

const isClaim = ({ persistentVolumeClaim }: V1Volume): boolean => persistentVolumeClaim !== undefined;

function onePodOnly(claim: string, pods: V1Pod[]): HarnessError {
  const told = pods.map(({ metadata, spec }) => `${metadata?.name} on ${spec?.nodeName ?? "no node yet"}`);
  return new HarnessError(
    `the volume of claim ${claim} should have one pod, and has ${pods.length}: ${told.join(", ") || "none"}`,
    {
      code: "failed",
      remedy:
        "one replica, and strategy: Recreate: a ReadWriteOnce volume has one node, and OpenCode's database one process (pitfall 6)",
      look: [{ kind: "HelmRelease", field: ["spec", "values", "controllers"] }],
    },
  );
}
