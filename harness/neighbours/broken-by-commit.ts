import { HarnessError, mark } from "../base/index.ts";
import { breakBuild, type CommitStage } from "../commits/index.ts";
import { fluxKustomization } from "../diagnosis/index.ts";
import { suspendKustomization, untilRefused, untilTaken } from "../gitops/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** Flux takes a commit within a second or two; a dependency that is not ready makes it wait for ever. */
const takenWithinMs = 20_000;

/**
 * Pushes a commit that breaks one workspace. Flux says so of that one, and its neighbours take the same commit. Returns
 * Flux's words.
 */
export async function breakByCommit(
  stage: Pick<CommitStage, "cluster" | "pushToGit">,
  broken: DeployedWorkspace,
  neighbours: readonly DeployedWorkspace[],
  signal: AbortSignal,
): Promise<string> {
  const revision = await stage.pushToGit((tree) => breakBuild(broken.facts, tree));
  const refusal = await untilRefused(stage.cluster, broken.facts.kustomization, { revision, signal });
  await untilTheyTake(stage, broken, neighbours, revision, signal);
  return refusal;
}

/**
 * Suspends one workspace in Flux, as one does to look at it in peace; its neighbours take the next commit. Disposing
 * resumes it.
 */
export async function suspended(
  { cluster }: Pick<CommitStage, "cluster">,
  { name, facts }: DeployedWorkspace,
): Promise<AsyncDisposable> {
  mark(`${name} is suspended in Flux`);
  await suspendKustomization(cluster, facts.kustomization, true);
  return {
    [Symbol.asyncDispose]: async () => {
      mark(`${name} is resumed`);
      await suspendKustomization(cluster, facts.kustomization, false);
    },
  };
}

/** Those that the Kustomization of another workspace brings are held up with it, whatever they do. */
function ofTheirOwn(
  neighbours: readonly DeployedWorkspace[],
  { facts }: DeployedWorkspace,
): DeployedWorkspace[] {
  return neighbours.filter(({ facts: { kustomization } }) => kustomization.name !== facts.kustomization.name);
}

/** Every neighbour that has a Kustomization of its own takes this revision though the other one does not. */
export async function untilTheyTake(
  { cluster }: Pick<CommitStage, "cluster">,
  other: DeployedWorkspace,
  neighbours: readonly DeployedWorkspace[],
  revision: string,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    ofTheirOwn(neighbours, other).map(async ({ name, facts: { kustomization } }) => {
      const options = { revision, timeoutMs: takenWithinMs, signal };
      await untilTaken(cluster, kustomization, options).catch((error: unknown) => {
        if (!(error instanceof HarnessError) || error.code !== "failed") throw error;
        throw new HarnessError(
          `${name} should take a commit though ${other.name} cannot, and does not: ${error.message}`,
          {
            code: "failed",
            remedy: `let neither Kustomization nor HelmRelease of ${name} depend on ${other.name}, or check its health`,
            look: [fluxKustomization(name, "dependsOn"), fluxKustomization(name, "healthChecks")],
            cause: error,
            ...(error.details ? { details: error.details } : {}),
          },
        );
      });
    }),
  );
}
