import type { Cluster } from "../cluster/index.ts";
import {
  fluxKustomizations,
  type GitRemote,
  publish,
  reconcile,
  type Tree,
  untilApplied,
} from "../gitops/index.ts";

/** Where the tree under test is pushed to, and the cluster whose Flux reads it there. */
export interface TreeTarget {
  cluster: Cluster;
  remote: GitRemote;
}

/** Pushes the tree and asks Flux to look at once. Returns the revision that Flux must report. */
export async function publishTree({ cluster, remote }: TreeTarget, tree: Tree): Promise<string> {
  const revision = await publish(tree, remote);
  await reconcile(cluster.objects, [{ kind: "GitRepository", name: "home-kubernetes" }]);
  return revision;
}

/** Waits until Flux has this tree, every child Kustomization and every HelmRelease included. */
export function untilTreeApplied(
  cluster: Cluster,
  tree: Tree,
  revision: string,
  signal?: AbortSignal,
): Promise<string> {
  return untilApplied(cluster, {
    revision,
    kustomizations: fluxKustomizations(tree),
    timeoutMs: 240_000,
    signal,
  });
}
