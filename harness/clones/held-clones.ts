import type { V1Pod } from "@kubernetes/client-node";
import type { Progress } from "../base/index.ts";
import { containerStatuses, isReady } from "../cluster/index.ts";
import type { GitHubControl } from "../internet/index.ts";
import { type DeployedWorkspace, untilCloning } from "../workspace/index.ts";
import type { Clone } from "./clone.ts";
import { stallClones } from "./stalled-clones.ts";

/**
 * Gives each workspace a new pod, whose clone stops in the middle of its pack and stays there; returns when all of them
 * have. Clones that begin later go through.
 */
export async function holdClones(
  github: GitHubControl,
  clones: readonly Clone[],
  signal: AbortSignal,
): Promise<void> {
  await stallClones(github, clones);
  await github.forgetRequests();
  await Promise.all(clones.map((clone) => replacePods(clone, signal)));
  // Those of the former pods have ended with them, so that one under way is a new pod's.
  await Promise.all(clones.map(({ repository }) => untilCloning(github, repository, 60_000, signal)));
  await github.liftFaults();
  await Promise.all(clones.map((clone) => untilToldRunning(clone, signal)));
}

/** The kubelet tells later than git asks: what may lie beside a running container is judged by what Kubernetes says of it. */
async function untilToldRunning({ workspace }: Clone, signal: AbortSignal): Promise<void> {
  const cloning = new Set(workspace.facts.clones.map(({ container }) => container));
  await workspace.cluster.wait({
    ...(await workspace.podSelection()),
    what: `the container that clones for ${workspace.name} is told to run`,
    timeoutMs: 60_000,
    signal,
    until: (pods) => {
      const statuses = pods.flatMap((pod) => containerStatuses(pod as V1Pod));
      return statuses.some(({ name, state }) => cloning.has(name) && state?.running)
        ? { ready: true }
        : { waiting: statuses.map(({ name, state }) => `${name}: ${Object.keys(state ?? {})}`).join(", ") };
    },
    diagnose: () => workspace.diagnose(),
  });
}

/** The least with which a pod is there until its containers have ended; with none, it is gone before they are. */
const leastGraceSeconds = 1;

/** Deletes the workspace's pods, and returns when their last process has ended. */
async function replacePods({ workspace }: Clone, signal: AbortSignal): Promise<void> {
  const former = await workspace.pods();
  await Promise.all(former.map((pod) => workspace.deletePod(pod, leastGraceSeconds)));
  const uids = former.map(({ metadata }) => metadata?.uid);
  await workspace.cluster.wait({
    what: `the former pods of ${workspace.name} are gone`,
    apiVersion: "v1",
    kind: "Pod",
    namespace: workspace.namespace,
    timeoutMs: 60_000,
    signal,
    until: (objects) => {
      const left = objects.filter(({ metadata }) => uids.includes(metadata?.uid));
      return left.length === 0
        ? { ready: true }
        : { waiting: left.map(({ metadata }) => metadata?.name).join(", ") };
    },
    diagnose: () => workspace.diagnose(),
  });
}

/**
 * Interrupts held clones that no new pod template interrupts: a StatefulSet waits for a pod that is not Ready, whatever its
 * template says since, and Kubernetes leaves it to a person to delete that pod ("Forced rollback" in its documentation).
 */
export async function interruptHeld(
  clones: readonly Clone[],
  progress: Pick<Progress, "note">,
): Promise<void> {
  const waiting = clones.filter(({ workspace }) => workspace.facts.workload.kind === "StatefulSet");
  await Promise.all(
    waiting.map(async ({ workspace }) => {
      if ((await deleteUnready(workspace, leastGraceSeconds)) === 0) return;
      progress.note(
        `${workspace.name} is a StatefulSet, which replaces no pod that is not Ready: its clone was interrupted by hand`,
      );
    }),
  );
}

/**
 * Once this is disposed of, GitHub has no fault, and a pod that is not Ready has made place for one that need not wait for
 * its next try.
 */
export function leftWorking(
  github: GitHubControl,
  workspaces: readonly DeployedWorkspace[],
): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      await github.fault();
      await Promise.all(workspaces.map((workspace) => deleteUnready(workspace, 0)));
    },
  };
}

/** Deletes the workspace's pods that are not Ready, with this grace in seconds. Returns how many there were. */
async function deleteUnready(workspace: DeployedWorkspace, graceSeconds: number): Promise<number> {
  const pods = (await workspace.pods()).filter((pod) => !isReady(pod));
  await Promise.all(pods.map((pod) => workspace.deletePod(pod, graceSeconds)));
  return pods.length;
}
