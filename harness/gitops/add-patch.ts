import type { Tree } from "./tree.ts";

/** A patch of a Flux Kustomization, as it stands in `spec.patches`. */
export interface KustomizationPatch {
  /** JSON 6902 or a part of the object, as text. */
  patch: string;
  target: { group?: string; kind: string; name?: string };
}

interface Patched {
  spec: { patches?: object[] };
}

/** Adds a patch to a Flux Kustomization: a way to change what it brings that is the same in any layout. */
export function addPatch(tree: Tree, kustomization: string, patch: KustomizationPatch): void {
  tree.editObject({ kind: "Kustomization", name: kustomization }, (object) => {
    const { spec } = object as unknown as Patched;
    spec.patches = [...(spec.patches ?? []), patch];
  });
}
