import type { Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

interface Patched {
  spec: { patches?: object[] };
}

/** Adds a patch to the Flux Kustomization of a workspace, which says the same in any layout. */
export function addPatch(
  { kustomization }: WorkspaceFacts,
  tree: Tree,
  patch: { patch: string; target: object },
): void {
  tree.editObject({ kind: "Kustomization", name: kustomization.name }, (object) => {
    const { spec } = object as unknown as Patched;
    spec.patches = [...(spec.patches ?? []), patch];
  });
}

/** A commit that Flux cannot build for this workspace: a patch of a field that is not there any more. */
export function breakBuild(facts: WorkspaceFacts, tree: Tree): void {
  const { release, workload } = facts;
  const kind = release ? "HelmRelease" : workload.kind;
  addPatch(facts, tree, { patch: "- op: remove\n  path: /spec/fieldOfBefore\n", target: { kind } });
}
