import { fluxStarts, type Tree } from "../gitops/index.ts";
import { type KustomizationObject, kustomizationObject } from "./kustomization-object.ts";

/** The Kustomizations that a whole repository starts from; none in a tree of applications. */
export function entryOf(tree: Tree): KustomizationObject[] {
  return fluxStarts(tree).flatMap(({ object }) => {
    const parsed = kustomizationObject.safeParse(object);
    return parsed.success ? [parsed.data] : [];
  });
}
