import { fluxStarts } from "./flux-starts.ts";
import type { Tree } from "./tree.ts";

/** A repository with its own entry for Flux is a home; what has none is to be laid into one. */
export function isWholeHome(tree: Tree): boolean {
  return (
    [...tree.files.keys()].some((path) => path.startsWith("kubernetes/flux/")) || fluxStarts(tree).length > 0
  );
}
