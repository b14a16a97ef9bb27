import { setTimeout as delay } from "node:timers/promises";
import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { containerStatuses, isReady, stuckAmong } from "../cluster/index.ts";
import { fluxCredential, type GitHubControl, type GitRequest } from "../internet/index.ts";
import type { Clone } from "./clone.ts";
import { stallClones } from "./stalled-clones.ts";

/**
 * Makes the clones fail, the first that needs a token as with a revoked one, the others as while GitHub is down; returns
 * when all have.
 * Disposing ends both, and holds every clone from then on: the kubelet tries again when it likes, and would clone before
 * anybody looks. `leftWorking` ends that too.
 */
export async function failClones(
  github: GitHubControl,
  clones: readonly Clone[],
  repositories: readonly { repository: string; tokens: Record<string, string> }[],
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  const tokensOf = ({ repository }: Clone) =>
    repositories.find((one) => one.repository === repository)?.tokens ?? {};
  const refused = clones.find((clone) => ofWorkspaces(tokensOf(clone)).length > 0);
  const unanswered = clones.filter(({ repository }) => repository !== refused?.repository);
  await using started = new AsyncDisposableStack();
  if (refused) started.use(await refuseTokens(github, refused.repository, tokensOf(refused)));
  started.defer(() => stallClones(github, clones)); // before the tokens are let in
  await github.fault(...unanswered.map(({ repository }) => ({ kind: "outage", repository }) as const));
  await Promise.all(clones.map(startOver));
  await Promise.all(clones.map((clone) => untilFails(github, clone, signal)));
  return started.move();
}

/** A container that fails has a next one; a script that tries again by itself goes on in the one that it has. */
async function untilFails(github: GitHubControl, clone: Clone, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const failed = untilInitFails(clone, ended);
  const tried = untilTriedAgain(github, clone, ended);
  await Promise.race([failed, tried]).finally(() => over.abort());
  await Promise.allSettled([failed, tried]);
}

/** So far apart are two tries of a script; those of one git are within a second. */
const betweenTriesMs = 3_000;

/**
 * Waits until a pod of the workspace has asked github.com in vain, and then tries again by itself in the first container
 * that clones, or goes on without a clone. The record has no watch, so it is asked.
 */
export async function untilTriedAgain(
  github: GitHubControl,
  { workspace, repository }: Clone,
  signal: AbortSignal,
): Promise<void> {
  const since = Date.now();
  const containers = cloningOf(workspace.facts, repository);
  for (;;) {
    await delay(500, undefined, { signal });
    const inVain = (await github.requests())
      .filter((request) => mayBeFor(repository, request))
      .filter(({ status, outcome }) => status !== 200 && outcome !== "pending")
      .filter(({ time }) => Date.parse(time) >= since);
    const isOver = (pod: V1Pod) => {
      const tries = inVain.filter((request) => isFrom(pod, request)).map(({ time }) => Date.parse(time));
      if (tries.length === 0) return false;
      const isApart = Math.max(...tries) - Math.min(...tries) >= betweenTriesMs;
      return (isApart && isCloning(containers, pod)) || hasGoneOn(workspace.facts, containers, pod);
    };
    if ((await workspace.pods()).some(isOver)) return;
  }
}

/** Whom SSH does not know by its key never comes to say which repository it wants. */
function mayBeFor(repository: string, { repository: asked, method }: GitRequest): boolean {
  return asked === repository || (asked === null && method === "SSH");
}

/** Whether the pod has sent the request; its node's address stands for it where that hides those of pods. */
function isFrom({ status }: V1Pod, { client }: Pick<GitRequest, "client">): boolean {
  const addresses = [...(status?.podIPs ?? []), ...(status?.hostIPs ?? [])].map(({ ip }) => ip);
  return [status?.podIP, status?.hostIP, ...addresses].includes(client.replace(/^::ffff:/, ""));
}

/** The containers that clone this repository: others end well meanwhile, since their own is there. All where no fact names it. */
function cloningOf({ clones }: Clone["workspace"]["facts"], repository: string): Set<string> {
  const own = clones.filter((one) => one.repository === repository);
  return new Set((own.length > 0 ? own : clones).map(({ container }) => container));
}

function isCloning(containers: ReadonlySet<string>, pod: V1Pod): boolean {
  return containerStatuses(pod).some(
    ({ name, state, restartCount }) => state?.running && restartCount === 0 && containers.has(name),
  );
}

/** The script says that it has failed, and lets OpenCode start: whoever looks finds the reason in its log. */
function hasGoneOn(
  { initContainers }: Clone["workspace"]["facts"],
  containers: ReadonlySet<string>,
  pod: V1Pod,
): boolean {
  const isWaitedFor = initContainers.some((name) => containers.has(name));
  const hasEnded = ({ name, state }: V1ContainerStatus) =>
    state?.terminated?.exitCode === 0 && containers.has(name);
  return isWaitedFor ? containerStatuses(pod).some(hasEnded) : isReady(pod);
}

/** Names of the tokens but Flux's, which reads a repository that workspaces may clone, too. */
function ofWorkspaces(tokens: Record<string, string>): string[] {
  return Object.keys(tokens).filter((name) => name !== fluxCredential);
}

/** GitHub refuses every token for the repository but Flux's, as it does a revoked one; disposing lets them in again. */
export async function refuseTokens(
  github: GitHubControl,
  repository: string,
  tokens: Record<string, string>,
): Promise<AsyncDisposable> {
  const left = Object.entries(tokens).filter(([name]) => name === fluxCredential);
  await github.setTokens(repository, Object.fromEntries(left));
  return { [Symbol.asyncDispose]: () => github.setTokens(repository, tokens) };
}

/** Gives the workspace a new pod at once: neither the grace period nor the back-off of failed starts is waited for. */
async function startOver({ workspace }: Clone): Promise<void> {
  const pods = await workspace.pods();
  await Promise.all(pods.map((pod) => workspace.deletePod(pod, 0)));
}

/**
 * Waits until an init container of the workspace has failed for the second time, and says how: the log of a former
 * instance is there then, and the third try is ten seconds away.
 */
export async function untilInitFails({ workspace }: Clone, signal: AbortSignal): Promise<string> {
  return workspace.cluster.wait({
    what: `the clone of ${workspace.name} fails`,
    ...(await workspace.podSelection()),
    timeoutMs: 60_000,
    signal,
    until: (objects) => {
      const pods = objects as V1Pod[];
      const failed = stuckAmong(pods);
      return failed
        ? { ready: failed.stuck }
        : { waiting: `${pods.length} pods, none of which has failed twice` };
    },
    diagnose: () => workspace.diagnose(),
  });
}
