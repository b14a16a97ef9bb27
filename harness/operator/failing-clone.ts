import type { V1Pod } from "@kubernetes/client-node";
import { z } from "zod";
import { HarnessError } from "../base/index.ts";
import { isReady, stuckReason } from "../cluster/index.ts";
import { inContainer } from "../diagnosis/index.ts";
import type { GitHubControl } from "../internet/index.ts";
import { type DeployedWorkspace, repositoryOf, untilCloning } from "../workspace/index.ts";
import { stallAfterBytes } from "./interrupted-clone.ts";

/** What a workspace clones, and where to. */
export interface Clone {
  workspace: DeployedWorkspace;
  /** `owner/name` on github.com. */
  repository: string;
  directory: string;
}

const pathInfo = z.looseObject({ directory: z.string() });

/** Takes the workspace's clone off its volume, so that its next pod has to clone. */
export async function takeCloneAway(workspace: DeployedWorkspace): Promise<Clone> {
  const user = await workspace.user();
  const [session, { directory }] = await Promise.all([
    user.openSession("start over"),
    user.api.get("/path", pathInfo),
  ]);
  // Without git: the configuration is read as it stands.
  const remote = await session.run(
    `sed -n 's/^[[:space:]]*url = //p' '${directory}/.git/config' && cd / && rm -rf '${directory}'`,
  );
  return { workspace, repository: repositoryOf(remote.trim()), directory };
}

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

/** Every clone of the repositories stops in the middle of its pack and stays there. */
async function stallClones(github: GitHubControl, clones: readonly Clone[]): Promise<void> {
  const stall = { kind: "stall", afterBytes: stallAfterBytes } as const;
  await github.fault(...clones.map(({ repository }) => ({ ...stall, repository })));
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
      const failed = pods.map(stuckReason).find((reason) => reason !== undefined);
      return failed ? { ready: failed } : { waiting: `${pods.length} pods, none of which has failed twice` };
    },
    diagnose: () => workspace.diagnose(),
  });
}

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
      await Promise.all(
        workspaces.map(async (workspace) => {
          const pods = (await workspace.pods()).filter((pod) => !isReady(pod));
          await Promise.all(pods.map((pod) => workspace.deletePod(pod, 0)));
        }),
      );
    },
  };
}
