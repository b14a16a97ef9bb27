import type { Cluster } from "../cluster/index.ts";
import { type Tree, untilRefused } from "../gitops/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { breakBuild, bringsClaims, changeClaims } from "./broken-commit.ts";
import { expectStillRuns, type WhatRuns } from "./what-runs.ts";

/** As much of a world as commits need. */
export interface CommitStage {
  readonly cluster: Cluster;
  readonly workspaces: readonly DeployedWorkspace[];
  pushToGit(edit: (tree: Tree) => void): Promise<string>;
}

/**
 * Pushes a commit that Flux can apply to no workspace: of the last one it changes the claim, which Kubernetes refuses, and
 * the others it breaks so that they cannot be built. What runs goes on running. Returns what Flux says of each.
 */
export async function pushSpoiled(
  stage: CommitStage,
  before: (workspace: DeployedWorkspace) => WhatRuns,
  signal: AbortSignal,
): Promise<string[]> {
  const { cluster, workspaces } = stage;
  const last = workspaces.at(-1);
  const changed = last && (await bringsClaims(last)) ? last : undefined;
  const revision = await stage.pushToGit((tree) => {
    for (const workspace of workspaces) {
      const spoil = workspace === changed ? changeClaims : breakBuild;
      spoil(workspace.facts, tree);
    }
  });
  return Promise.all(
    workspaces.map(async (workspace) => {
      const refused = untilRefused(cluster, workspace.facts.kustomization, { revision, signal });
      // Where Flux forces its way it says nothing for long.
      const words = await refused.catch((error: unknown) => error);
      await expectStillRuns(workspace, before(workspace));
      if (typeof words === "string") return words;
      throw words;
    }),
  );
}
