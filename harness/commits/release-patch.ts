import { addPatch, type Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

/** What a commit says otherwise of a workspace's HelmRelease, as a patch of its Flux Kustomization: the same in any layout. */
export function patchRelease(
  { kustomization }: Pick<WorkspaceFacts, "kustomization">,
  tree: Tree,
  spec: object,
): void {
  const patch = JSON.stringify({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "any" },
    spec,
  });
  addPatch(tree, kustomization.name, {
    patch,
    target: { group: "helm.toolkit.fluxcd.io", kind: "HelmRelease" },
  });
}

/** The workspace's image with another tag, as kustomize and Flux write it in `images`. */
export function retagged({ image }: Pick<WorkspaceFacts, "image">, newTag: string): object[] {
  return [{ name: image.replace(/@.*$/, "").replace(/:[^/]*$/, ""), newTag }];
}
