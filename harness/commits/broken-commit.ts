import { addPatch, type Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { claimsOf } from "./what-runs.ts";

/** A commit that Flux cannot build for this workspace: a patch of a field that is not there any more. */
export function breakBuild({ release, workload, kustomization }: WorkspaceFacts, tree: Tree): void {
  const kind = release ? "HelmRelease" : workload.kind;
  const patch = "- op: replace\n  path: /spec/fieldOfBefore/inIt\n  value: now\n";
  addPatch(tree, kustomization.name, { patch, target: { kind } });
}

/**
 * A commit that Kubernetes refuses: another access mode for the workspace's claims, which no claim can be given once it
 * is there.
 */
export function changeClaims({ kustomization }: WorkspaceFacts, tree: Tree): void {
  const patch = "- op: replace\n  path: /spec/accessModes\n  value: [ReadWriteMany]\n";
  addPatch(tree, kustomization.name, { patch, target: { kind: "PersistentVolumeClaim" } });
}

/** The workspace's own Kustomization brings a claim of it, so that a commit can change that. */
export async function bringsClaims(workspace: DeployedWorkspace): Promise<boolean> {
  const { name } = workspace.facts.kustomization;
  const claims = await claimsOf(workspace);
  return claims.some(({ metadata }) => metadata?.labels?.["kustomize.toolkit.fluxcd.io/name"] === name);
}
