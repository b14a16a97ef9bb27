import { isDeepStrictEqual } from "node:util";
import type { Tree } from "../gitops/index.ts";
import type { KubeObject, RenderedKustomization } from "./rendered-tree.ts";
import { decrypted, isEncrypted, type SecretValue } from "./sops.ts";
import { contentOf, type Sources, sourceKey } from "./variables.ts";

/** What Kustomizations could substitute from, of what these would apply. */
export function sourcesIn(kustomizations: readonly RenderedKustomization[]): Sources {
  return sourcesOf(kustomizations.flatMap(({ objects }) => objects.map(({ object }) => object)));
}

/**
 * A first guess, before anything is rendered: the ConfigMaps and Secrets as they stand in files. A Kustomization may need a
 * ConfigMap that it applies itself; somebody has applied it by hand when the cluster was made.
 */
export function sourcesOfFiles(tree: Tree, secretValue?: SecretValue): Sources {
  const objects = ["ConfigMap", "Secret"].flatMap((kind) => tree.objects(kind).map(({ object }) => object));
  const named = objects.filter(({ metadata }) => metadata?.name !== undefined) as KubeObject[];
  return sourcesOf(named.map((object) => (isEncrypted(object) ? decrypted(object, secretValue) : object)));
}

export const sameSources = (left: Sources, right: Sources): boolean => isDeepStrictEqual(left, right);

function sourcesOf(objects: KubeObject[]): Sources {
  return new Map(
    objects.flatMap((object) => {
      const content = contentOf(object);
      const { namespace = "", name } = object.metadata;
      return content ? [[sourceKey(object.kind, namespace, name), content] as const] : [];
    }),
  );
}
