import { isDeepStrictEqual } from "node:util";
import type { KubeObject, RenderedTree } from "./rendered-tree.ts";

/** An object that one tree has otherwise than another, or that only one of them has. */
export interface ChangedObject {
  kind: string;
  namespace?: string | undefined;
  name: string;
  /** In the first tree; missing where only the second has it. */
  before?: KubeObject;
  after?: KubeObject;
}

/** What Flux and Helm would apply otherwise of the second tree than of the first, Flux's own Kustomizations included. */
export function changedObjects(before: RenderedTree, after: RenderedTree): ChangedObject[] {
  const [old, young] = [byName(before), byName(after)];
  const names = new Set([...old.keys(), ...young.keys()]);
  return [...names].flatMap((name) => {
    const [one, other] = [old.get(name), young.get(name)];
    const found = other ?? one;
    if (found === undefined || isDeepStrictEqual(one, other)) return [];
    const { kind, metadata } = found;
    return {
      kind,
      namespace: metadata.namespace,
      name: metadata.name,
      ...(one ? { before: one } : {}),
      ...(other ? { after: other } : {}),
    };
  });
}

function byName({ kustomizations }: RenderedTree): Map<string, KubeObject> {
  const objects = kustomizations.flatMap((one) => [
    one.object as KubeObject,
    ...one.objects.map(({ object }) => object),
  ]);
  return new Map(objects.map((object) => [keyOf(object), object]));
}

function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [apiVersion.split("/").at(-2) ?? "", kind, metadata.namespace ?? "", metadata.name].join("/");
}
