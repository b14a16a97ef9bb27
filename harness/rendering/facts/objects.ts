import type { KubeObject, ObjectName, RenderedTree } from "../rendered-tree.ts";
import { secretMadeBy } from "./made-secrets.ts";

/**
 * The objects of a tree, to look up. What two Kustomizations apply is there once, as the first has it; Secrets that another
 * controller than External Secrets makes are there too.
 */
export class Objects {
  readonly #byKind = new Map<string, KubeObject[]>();

  constructor({ kustomizations }: RenderedTree) {
    const seen = new Set<string>();
    const applied = kustomizations.flatMap(({ objects }) => objects.map(({ object }) => object));
    const made = applied.flatMap((object) => secretMadeBy(object) ?? []);
    for (const object of [...applied, ...made]) {
      const name = `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
      if (seen.has(name)) continue;
      seen.add(name);
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
