import { isDeepStrictEqual } from "node:util";
import type { Tree } from "../gitops/index.ts";
import { externalSecretOf } from "./cluster-external-secrets.ts";
import { kindsOfOthers, secretMadeBy } from "./facts/made-secrets.ts";
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
 * component's or a ClusterExternalSecret's will be, its file does not say.
 */
export function sourcesOfFiles(tree: Tree, secretValue?: SecretValue): Sources {
  const kinds = ["ConfigMap", "Secret", "ExternalSecret", "ClusterExternalSecret", ...kindsOfOthers];
  const objects = kinds.flatMap((kind) => tree.objects(kind).map(({ object }) => object));
  const named = objects.filter(({ metadata }) => metadata?.name !== undefined) as KubeObject[];
  const made = named.map((one) => (one.kind === "ClusterExternalSecret" ? externalSecretOf(one) : one));
  return sourcesOf(made.map((object) => (isEncrypted(object) ? decrypted(object, secretValue) : object)));
}

export const sameSources = (left: Sources, right: Sources): boolean => isDeepStrictEqual(left, right);

function sourcesOf(objects: KubeObject[]): Sources {
  const secrets = objects.filter(({ kind }) => kind === "ExternalSecret").flatMap(secretOf);
  const plain = objects.flatMap((object) => sourceOf(object, contentOf(object)));
  return new Map([...secrets, ...objects.flatMap(ofOthers), ...plain]);
}

function sourceOf({ kind, metadata }: KubeObject, content: Record<string, string> | undefined) {
  const { namespace = "", name } = metadata;
  return content ? [[sourceKey(kind, namespace, name), content] as const] : [];
}

/** What another controller than External Secrets makes of it. */
function ofOthers(object: KubeObject) {
  const secret = secretMadeBy(object);
  if (!secret) return [];
  const keys = Object.keys(contentOf(secret) ?? {});
  return sourceOf(
    secret,
    Object.fromEntries(keys.map((key) => [key, key === anyKey ? "" : placeholder(key)])),
  );
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
