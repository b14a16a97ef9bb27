import { setTimeout as delay } from "node:timers/promises";
import { HarnessError, patientMs } from "../base/index.ts";
import { cloning, inContainer } from "../diagnosis/index.ts";
import { fluxCredential, type GitHubControl, type GitRequest } from "../internet/index.ts";

const cloneCommands = [cloning(undefined)];

/** `owner/name` of a repository on github.com, from the URL of a remote or from SSH's short form (user@host:path). */
export function repositoryOf(remote: string): string {
  const short = /^(?:[^@/]+@)?[\w.-]+:(?!\/\/)\/?(.+)$/.exec(remote)?.[1];
  if (short === undefined && !URL.canParse(remote)) {
    throw new HarnessError(`the remote ${remote} is no repository on github.com`, {
      code: "failed",
      remedy: "let origin be the repository that was cloned, with its whole address",
      look: [inContainer(undefined, "git-clone", "env", "REPOSITORY_URL")],
    });
  }
  return (short ?? new URL(remote).pathname).replace(/^\//, "").replace(/\/?(\.git)?\/?$/, "");
}

/**
 * Whether somebody gets a clone: a fetch names commits that are there already, and leaves the work alone. Flux reads a
 * repository too, which may be the one that a workspace works on.
 */
function isClone({ operation, hasCommits, credential }: GitRequest): boolean {
  return operation === "clone-or-fetch" && !hasCommits && credential !== fluxCredential;
}

/**
 * The repository was cloned exactly once by each of the workspaces that clone it, counted on the wire.
 *
 * @param remotes where each of the workspaces has its clone from: one repository has many addresses
 */
export async function expectOneClone(
  github: GitHubControl,
  repository: string,
  remotes: readonly string[],
): Promise<void> {
  const workspaces = remotes.filter((remote) => remote && repositoryOf(remote) === repository).length;
  const clones = (await github.requests({ repository })).filter(isClone);
  const served = clones.filter(({ status, outcome }) => status === 200 && outcome !== "cut");
  if (served.length === workspaces) return;
  const wanted = workspaces === 1 ? "not one" : `not one for each of ${workspaces} workspaces`;
  throw new HarnessError(`github.com served ${served.length} clones of ${repository}, ${wanted}`, {
    code: "failed",
    details: told(clones),
    remedy: "clone only where there is no .git (pitfall 2)",
    look: cloneCommands,
  });
}

/** Nobody has cloned the repository since the record was cleared; a fetch into the clone that is there is no clone. */
export async function expectNoClone(github: GitHubControl, repository: string): Promise<void> {
  const later = (await github.requests({ repository })).filter(isClone);
  if (later.length === 0) return;
  throw new HarnessError(
    `${repository} was cloned again from github.com (${later.length} requests) though the clone is on the volume`,
    {
      code: "failed",
      details: told(later),
      remedy: "clone only where there is no .git: a clone that is there is kept (pitfall 2)",
      look: cloneCommands,
    },
  );
}

/** Waits until a clone of the repository is under way and has got its first part. The record has no watch, so it is asked. */
export async function untilCloning(
  github: GitHubControl,
  repository: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + patientMs(timeoutMs);
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const clones = (await github.requests({ repository })).filter(isClone);
    if (clones.some(({ outcome }) => outcome === "pending")) return;
    await delay(100);
  }
  throw new HarnessError(`nobody clones ${repository}, though its clone is gone from the volume`, {
    code: "failed",
    remedy: "the init container must clone where there is no .git (pitfall 2)",
    look: cloneCommands,
  });
}

function told(requests: GitRequest[]): string {
  return requests
    .map(({ time, operation, userAgent, status }) => `${time} ${operation} by ${userAgent}: ${status}`)
    .join("\n");
}
