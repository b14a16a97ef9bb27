import { addPatch, type Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

type OfRelease = Pick<WorkspaceFacts, "kustomization" | "release">;

/** What a commit says otherwise of a workspace's HelmRelease, as a patch of its Flux Kustomization: the same in any layout. */
export function patchRelease({ kustomization, release }: OfRelease, tree: Tree, spec: object): void {
  const patch = JSON.stringify({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "any" },
    spec,
  });
  addPatch(tree, kustomization.name, { patch, target: targetOf(release, tree) });
}

/** One more post-renderer for what the HelmRelease makes, after its own: a patch with a list would take theirs away. */
export function addPostRenderer({ kustomization, release }: OfRelease, tree: Tree, renderer: object): void {
  const [path, value] = release?.hasPostRenderers
    ? ["/spec/postRenderers/-", renderer]
    : ["/spec/postRenderers", [renderer]];
  const patch = JSON.stringify([{ op: "add", path, value }]);
  addPatch(tree, kustomization.name, { patch, target: targetOf(release, tree) });
}

/** The release alone where the tree spells its name out; Flux patches before it substitutes. */
function targetOf(release: OfRelease["release"], tree: Tree) {
  const target = { group: "helm.toolkit.fluxcd.io", kind: "HelmRelease" };
  const isSpeltOut = tree
    .objects("HelmRelease")
    .some(({ object }) => object.metadata?.name === release?.name);
  return isSpeltOut && release ? { ...target, name: release.name } : target;
}

/** The workspace's image with another tag, as kustomize and Flux write it in `images`. */
export function retagged({ image }: Pick<WorkspaceFacts, "image">, newTag: string): object[] {
  return [{ name: image.replace(/@.*$/, "").replace(/:[^/]*$/, ""), newTag }];
}
