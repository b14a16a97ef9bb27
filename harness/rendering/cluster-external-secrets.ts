import { z } from "zod";
import { isSelected, labelSelector } from "./label-selector.ts";
import type { KubeObject, RenderedKustomization, RenderedObject } from "./rendered-tree.ts";

/** Fields that are left empty are null. */
const clusterSpec = z.looseObject({
  externalSecretName: z.string().nullish(),
  externalSecretMetadata: z.record(z.string(), z.unknown()).nullish(),
  externalSecretSpec: z.record(z.string(), z.unknown()).nullish(),
  namespaceSelector: labelSelector.nullish(),
  namespaceSelectors: z.array(labelSelector).nullish(),
  namespaces: z.array(z.string()).nullish(),
});

const kind = "ClusterExternalSecret";

/** Of one that has another form nothing is made: Kubernetes does not take it. */
const specOf = ({ spec }: KubeObject): z.infer<typeof clusterSpec> => clusterSpec.safeParse(spec).data ?? {};

/**
 * The same Kustomizations, with what External Secrets makes of their ClusterExternalSecrets: an ExternalSecret in each
 * namespace that one of its selectors chooses.
 */
export function withClusterExternalSecrets(all: RenderedKustomization[]): RenderedKustomization[] {
  if (!all.some(({ objects }) => objects.some(({ object }) => object.kind === kind))) return all;
  const namespaces = namespacesOf(all);
  return all.map((one) => {
    const made = one.objects
      .filter(({ object }) => object.kind === kind)
      .flatMap((cluster) => madeOf(cluster, namespaces));
    return made.length === 0 ? one : { ...one, objects: [...one.objects, ...made] };
  });
}

/** The ExternalSecret of a ClusterExternalSecret that no namespace is known of yet. */
export function externalSecretOf({ apiVersion, metadata: own, ...object }: KubeObject): KubeObject {
  const { externalSecretName, externalSecretMetadata, externalSecretSpec } = specOf(object as KubeObject);
  const metadata = { ...externalSecretMetadata, name: externalSecretName ?? own.name };
  return { apiVersion, kind: "ExternalSecret", metadata, spec: externalSecretSpec ?? {} };
}

function madeOf({ object, file }: RenderedObject, namespaces: Map<string, Labels>): RenderedObject[] {
  const { namespaceSelector, namespaceSelectors, namespaces: named } = specOf(object);
  const selectors = [...(namespaceSelector ? [namespaceSelector] : []), ...(namespaceSelectors ?? [])];
  const chosen = [...namespaces]
    .filter(([, labels]) => selectors.some((one) => isSelected(labels, one)))
    .map(([name]) => name);
  const { metadata, ...made } = externalSecretOf(object);
  return [...new Set([...(named ?? []), ...chosen])].map((namespace) => ({
    object: { ...made, metadata: { ...metadata, namespace } },
    by: { clusterExternalSecret: object.metadata.name },
    ...(file === undefined ? {} : { file }),
  }));
}

type Labels = Record<string, string>;

/** Every namespace that is spoken of, with the labels that it has in Git, and those that Kubernetes and Flux give it. */
function namespacesOf(all: readonly RenderedKustomization[]): Map<string, Labels> {
  const found = new Map<string, Labels>();
  const add = (name: string, labels: Labels = {}) =>
    found.set(name, { ...found.get(name), "kubernetes.io/metadata.name": name, ...labels });
  for (const name of ["default", "kube-system"]) add(name);
  for (const { namespace, name: owner, objects } of all) {
    add(namespace);
    for (const { object } of objects) {
      const { name, namespace: own, labels } = object.metadata;
      if (own !== undefined) add(own);
      if (object.kind === "Namespace") add(name, { ...labels, ...labelsOfFlux(namespace, owner) });
    }
  }
  return found;
}

const labelsOfFlux = (namespace: string, name: string): Labels => ({
  "kustomize.toolkit.fluxcd.io/name": name,
  "kustomize.toolkit.fluxcd.io/namespace": namespace,
});
