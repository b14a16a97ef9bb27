import { isDeepStrictEqual } from "node:util";
import type { Tree } from "../gitops/index.ts";
import { readExternalSecrets } from "./facts/secret-keys.ts";
import type { KubeObject, RenderedKustomization } from "./rendered-tree.ts";
import { decrypted, isEncrypted, placeholder, type SecretValue } from "./sops.ts";
import { anyKey, contentOf, type Sources, sourceKey } from "./variables.ts";

/** What Kustomizations could substitute from, of what these would apply. */
export function sourcesIn(kustomizations: readonly RenderedKustomization[]): Sources {
  return sourcesOf(kustomizations.flatMap(({ objects }) => objects.map(({ object }) => object)));
}

/**
 * A first guess, before anything is rendered: the ConfigMaps and Secrets as they stand in files. A Kustomization may need a
 * ConfigMap that it applies itself; somebody has applied it by hand when the cluster was made. In which namespace a
 * component's will be, its file does not say.
 */
export function sourcesOfFiles(tree: Tree, secretValue?: SecretValue): Sources {
  const objects = ["ConfigMap", "Secret", "ExternalSecret"].flatMap((kind) =>
    tree.objects(kind).map(({ object }) => object),
  );
  const named = objects.filter(({ metadata }) => metadata?.name !== undefined) as KubeObject[];
  return sourcesOf(named.map((object) => (isEncrypted(object) ? decrypted(object, secretValue) : object)));
}

export const sameSources = (left: Sources, right: Sources): boolean => isDeepStrictEqual(left, right);

function sourcesOf(objects: KubeObject[]): Sources {
  const secrets = objects.filter(({ kind }) => kind === "ExternalSecret").flatMap(secretOf);
  const plain = objects.flatMap((object) => {
    const content = contentOf(object);
    const { namespace = "", name } = object.metadata;
    return content ? [[sourceKey(object.kind, namespace, name), content] as const] : [];
  });
  return new Map([...secrets, ...plain]);
}

/** What External Secrets makes of it: its keys as far as they are named, its values are the store's. */
function secretOf(object: KubeObject): (readonly [string, Record<string, string>])[] {
  return readExternalSecrets([object]).map(({ secret, spec: { data, dataFrom, target } }) => {
    const { data: template = {}, templateFrom = [] } = target?.template ?? {};
    const keys = [...data.map(({ secretKey }) => secretKey), ...Object.keys(template)];
    const content = Object.fromEntries(keys.map((key) => [key, placeholder(key)]));
    const isOpen = dataFrom.length + templateFrom.length > 0;
    return [
      sourceKey("Secret", object.metadata.namespace ?? "", secret),
      { ...content, ...(isOpen ? { [anyKey]: "" } : {}) },
    ];
  });
}
