import { fluxDirectory, type Tree } from "../gitops/index.ts";
import {
  isFluxKustomization,
  type KustomizationObject,
  kustomizationObject,
} from "./kustomization-object.ts";

/**
 * The Kustomizations that a whole repository starts from: those below `kubernetes/flux` that apply the directory they stand
 * in, or, where there are none, those that no other one applies. Somebody has applied them by hand when the cluster was made.
 * None where the tree has no `kubernetes/flux`.
 */
export function entryOf(tree: Tree): KustomizationObject[] {
  const all = tree.objects("Kustomization").flatMap(({ path, object }) => {
    if (!isFluxKustomization(object)) return [];
    const parsed = kustomizationObject.safeParse(object);
    return parsed.success ? [{ path, object: parsed.data }] : [];
  });
  const ours = all.filter(({ path }) => path.startsWith(fluxDirectory));
  const ofThemselves = ours.filter(({ path, object }) => applies(object, path));
  const ofNobody = ours.filter(({ path }) => !all.some(({ object }) => applies(object, path)));
  return (ofThemselves.length > 0 ? ofThemselves : ofNobody).map(({ object }) => object);
}

function applies({ spec }: KustomizationObject, path: string): boolean {
  return path.startsWith(`${(spec.path ?? "").replace(/^\.?\/+|\/+$/g, "")}/`);
}
