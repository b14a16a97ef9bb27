import { posix } from "node:path";
import type { Tree } from "../gitops/index.ts";
import type { KustomizationObject } from "./kustomization-object.ts";
import type { Sources } from "./variables.ts";

const webhook = "kustomize-mutating-webhook";

/**
 * What a webhook of the home puts into the `postBuild.substitute` of each Kustomization when that is applied: the ConfigMaps
 * and Secrets that are named beside its release. No Kustomization in Git says that it has them.
 */
export class WebhookSettings {
  readonly #texts: string[];

  constructor(tree: Tree) {
    const releases = tree.objects("HelmRelease").filter(({ object }) => object.metadata?.name === webhook);
    const directories = releases.map(({ path }) => `${posix.dirname(path)}/`);
    this.#texts = [...tree.files.keys()]
      .filter((path) => directories.some((directory) => path.startsWith(directory)))
      .map((path) => tree.text(path));
  }

  get isThere(): boolean {
    return this.#texts.length > 0;
  }

  /** Flux substitutes in one that has settings, also where its file has none. */
  put(object: KustomizationObject): KustomizationObject {
    if (!this.isThere) return object;
    return { ...object, spec: { ...object.spec, postBuild: { substitute: {}, ...object.spec.postBuild } } };
  }

  /** Those of which the tree knows the values. */
  valuesIn(sources: Sources): Record<string, string> {
    const named = [...sources].filter(([key]) => {
      const name = key.slice(key.lastIndexOf("/") + 1);
      return this.#texts.some((text) => text.includes(`name: ${name}`));
    });
    return Object.assign({}, ...named.map(([, content]) => content)) as Record<string, string>;
  }
}
