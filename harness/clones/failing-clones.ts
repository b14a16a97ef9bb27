import { setTimeout as delay } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { containerStatuses, stuckAmong } from "../cluster/index.ts";
import { inContainer } from "../diagnosis/index.ts";
import { fluxCredential, type GitHubControl } from "../internet/index.ts";
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
 * Waits until the container that clones, the first of its pod, has asked github.com in vain for the second time. The record
 * has no watch, so it is asked.
 */
export async function untilTriedAgain(
  github: GitHubControl,
  { workspace, repository }: Clone,
  signal: AbortSignal,
): Promise<void> {
  const since = Date.now();
  for (;;) {
    await delay(500, undefined, { signal });
    const tries = (await github.requests({ repository }))
      .filter(({ status, outcome }) => status !== 200 && outcome !== "pending")
      .map(({ time }) => Date.parse(time))
      .filter((time) => time >= since);
    const isApart = Math.max(...tries) - Math.min(...tries) >= betweenTriesMs;
    if (isApart && (await workspace.pods()).some((pod) => isCloning(workspace.facts, pod))) return;
  }
}

function isCloning({ clones }: Clone["workspace"]["facts"], pod: V1Pod): boolean {
  return containerStatuses(pod).some(
    ({ name, state, restartCount }) =>
      state?.running && restartCount === 0 && clones.some(({ container }) => container === name),
  );
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

/** The failed clone says why in its log, in git's own words: to be silent is no way to keep a secret. */
export async function expectToldWhy(clone: Clone): Promise<void> {
  const told = await clone.workspace.diagnose();
  if (/fatal: /.test(told)) return;
  throw new HarnessError(
    `the log of the failed clone of ${clone.workspace.name} does not say why it failed`,
    {
      code: "failed",
      details: told,
      remedy: "let git's messages on standard error go to the log: they name no token (manifests/README.md)",
      look: [inContainer(clone.workspace.name, "git-clone", "command")],
    },
  );
}
