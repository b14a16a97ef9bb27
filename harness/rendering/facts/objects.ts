import type { KubeObject, ObjectName, RenderedTree } from "../rendered-tree.ts";

/** The objects of a tree, to look up. */
export class Objects {
  readonly #byKind = new Map<string, KubeObject[]>();

  constructor({ kustomizations }: RenderedTree) {
    for (const { object } of kustomizations.flatMap(({ objects }) => objects)) {
      const known = this.#byKind.get(object.kind);
      if (known) known.push(object);
      else this.#byKind.set(object.kind, [object]);
    }
  }

  all(kind: string): readonly KubeObject[] {
    return this.#byKind.get(kind) ?? [];
  }

  in(kind: string, namespace: string): readonly KubeObject[] {
    return this.all(kind).filter(({ metadata }) => metadata.namespace === namespace);
  }

  find(kind: string, { namespace, name }: ObjectName): KubeObject | undefined {
    return this.in(kind, namespace).find(({ metadata }) => metadata.name === name);
  }
}
