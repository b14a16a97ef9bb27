import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { stuckAmong } from "../cluster/index.ts";
import { inContainer } from "../diagnosis/index.ts";
import type { GitHubControl } from "../internet/index.ts";
import type { Clone } from "./clone.ts";
import { stallClones } from "./stalled-clones.ts";

/**
 * Makes the clones fail, the first as with a revoked token, the others as while GitHub is down; returns when all have.
 * Disposing ends both, and holds every clone from then on: the kubelet tries again when it likes, and would clone before
 * anybody looks. `leftWorking` ends that too.
 */
export async function failClones(
  github: GitHubControl,
  clones: readonly Clone[],
  repositories: readonly { repository: string; tokens: Record<string, string> }[],
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  const [refused, ...unanswered] = clones;
  const tokens = repositories.find(({ repository }) => repository === refused?.repository)?.tokens ?? {};
  await using started = new AsyncDisposableStack();
  started.use(await refuseTokens(github, refused?.repository ?? "", tokens));
  started.defer(() => stallClones(github, clones)); // before the tokens are let in
  await github.fault(...unanswered.map(({ repository }) => ({ kind: "outage", repository }) as const));
  await Promise.all(clones.map(startOver));
  await Promise.all(clones.map((clone) => untilInitFails(clone, signal)));
  return started.move();
}

/** GitHub refuses every token for the repository, as it does a revoked one; disposing lets them in again. */
export async function refuseTokens(
  github: GitHubControl,
  repository: string,
  tokens: Record<string, string>,
): Promise<AsyncDisposable> {
  await github.setTokens(repository, {});
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
  const isOurs = ({ metadata }: V1Pod) => metadata?.name?.startsWith(`${workspace.facts.workload.name}-`);
  return workspace.cluster.wait({
    what: `the clone of ${workspace.name} fails`,
    apiVersion: "v1",
    kind: "Pod",
    namespace: workspace.namespace,
    timeoutMs: 60_000,
    signal,
    until: (objects) => {
      const pods = (objects as V1Pod[]).filter(isOurs);
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
