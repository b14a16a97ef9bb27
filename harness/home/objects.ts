import type { RenderedKustomization, RenderedObject, RenderedTree } from "../rendering/index.ts";

/** An object of the rendered tree, and the Flux Kustomization that applies it. */
export interface OwnedObject extends RenderedObject {
  owner: RenderedKustomization;
}

/** Every object of the tree, or of one kind, with what applies it. */
export function objectsOf(rendered: RenderedTree, kind?: string): OwnedObject[] {
  return rendered.kustomizations.flatMap((owner) =>
    owner.objects
      .filter(({ object }) => kind === undefined || object.kind === kind)
      .map((found) => ({ ...found, owner })),
  );
}

/** Kinds of the whole cluster; kustomize gives those of definitions that it does not know a namespace all the same. */
const isOfCluster = (kind: string) => kind.startsWith("Cluster") || /^(Namespace|\w+Class)$/.test(kind);

/** A name with its namespace, as a key; without one for objects of the whole cluster. */
export function keyOf(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} ${isOfCluster(kind) ? "" : (namespace ?? "")}/${name}`;
}

/** The groups whose kinds name what a Flux Kustomization or a HelmRelease is made from. */
export const isSource = (apiVersion: string): boolean => apiVersion.startsWith("source.toolkit.fluxcd.io/");
