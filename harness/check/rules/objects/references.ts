import type { V1Container } from "@kubernetes/client-node";
import { externalSecretsIn, mayHold, type RenderedKustomization } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected, InspectedWorkspace } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

interface Reference {
  name: string;
  key?: string | undefined;
}

/** What must be there before the kubelet starts the pod. */
function referencesOf({
  workload: { pod },
}: InspectedWorkspace): Record<"Secret" | "ConfigMap", Reference[]> {
  const containers: V1Container[] = [...(pod.initContainers ?? []), ...pod.containers];
  const env = containers.flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom ?? []));
  const envFrom = containers.flatMap(({ envFrom = [] }) => envFrom);
  const volumes = pod.volumes ?? [];
  const projected = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  const refs = (found: ({ name?: string; key?: string; optional?: boolean } | undefined)[]): Reference[] =>
    found.flatMap((one) => (one?.name && !one.optional ? [{ name: one.name, key: one.key }] : []));
  const withItems = (
    found: ({ name?: string | undefined; items?: { key: string }[]; optional?: boolean } | undefined)[],
  ): Reference[] =>
    found.flatMap((one) => {
      const { name } = one ?? {};
      if (!name || one?.optional) return [];
      return [{ name }, ...(one?.items ?? []).map(({ key }) => ({ name, key }))];
    });
  return {
    Secret: [
      ...refs(env.map(({ secretKeyRef }) => secretKeyRef)),
      ...refs(envFrom.map(({ secretRef }) => secretRef)),
      ...withItems(volumes.map(({ secret }) => secret && { ...secret, name: secret.secretName })),
      ...withItems(projected.map(({ secret }) => secret)),
    ],
    ConfigMap: [
      ...refs(env.map(({ configMapKeyRef }) => configMapKeyRef)),
      ...refs(envFrom.map(({ configMapRef }) => configMapRef)),
      ...withItems(volumes.map(({ configMap }) => configMap)),
      ...withItems(projected.map(({ configMap }) => configMap)),
    ],
  };
}

function missingSecrets(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    referencesOf(workspace).Secret.flatMap(({ name, key }) => missingSecret(inspected, workspace, name, key)),
  );
}

function missingSecret(
  inspected: Inspected,
  { facts: { name: workspace, namespace }, at }: InspectedWorkspace,
  secret: string,
  key?: string,
): Fault[] {
  const places = inspected.of("ExternalSecret").flatMap(({ object }) => {
    const { namespace: where = "" } = object.metadata;
    return externalSecretsIn(where, inspected.objects).some((one) => one.secret === secret) ? [where] : [];
  });
  const plain = inspected.objects.all("Secret").filter(({ metadata }) => metadata.name === secret);
  const made = [...places, ...plain.map(({ metadata }) => metadata.namespace ?? "")];
  if (!made.includes(namespace)) {
    const elsewhere = made[0] === undefined ? "nobody makes it" : `it is made in namespace ${made[0]}`;
    return [
      {
        message: `${workspace} needs Secret ${namespace}/${secret}, and ${elsewhere}`,
        remedy: `make it in namespace ${namespace}: a pod reads Secrets of its own namespace only`,
        ...at(secret),
      },
    ];
  }
  if (key === undefined || mayHold(secret, key, namespace, inspected.objects)) return [];
  return [
    {
      message: `${workspace} needs key ${key} of Secret ${secret}, which does not have it`,
      remedy: "name a key that the ExternalSecret makes, or add this one to its template",
      ...at(secret, key),
    },
  ];
}

function missingConfigMaps(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { namespace, name } = workspace.facts;
    return referencesOf(workspace).ConfigMap.flatMap((wanted) => {
      const isThere = inspected.objects.find("ConfigMap", { namespace, name: wanted.name });
      if (isThere || wanted.name === "kube-root-ca.crt") return [];
      return {
        message: `${name} needs ConfigMap ${namespace}/${wanted.name}, which nobody makes`,
        remedy: `name it as kustomize does: with disableNameSuffixHash, or where kustomize can put the hash in${alike(inspected, namespace, wanted.name)}`,
        ...workspace.at(wanted.name),
      };
    });
  });
}

function alike({ objects }: Inspected, namespace: string, name: string): string {
  const found = objects.in("ConfigMap", namespace).find(({ metadata }) => metadata.name.startsWith(name));
  return found ? ` (there is ${found.metadata.name})` : "";
}

function missingClaims(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap(({ facts: { name, namespace, workload, claims }, object, at }) =>
    claims
      .filter((claim) => !inspected.objects.find("PersistentVolumeClaim", { namespace, name: claim.name }))
      .filter(() => workload.kind === "Deployment")
      .map((claim) => ({
        message: `${name} mounts claim ${namespace}/${claim.name}, which nobody makes`,
        remedy: remedyForClaim(inspected, { namespace, name: claim.name }, object.owner),
        ...at(/existingClaim|claimName/, claim.name),
      })),
  );
}

/** Made in another namespace, or under another name: that is the Kustomization's, and not the list's. */
function remedyForClaim(
  { of }: Inspected,
  wanted: { namespace: string; name: string },
  owner: RenderedKustomization,
): string {
  const claims = of("PersistentVolumeClaim");
  const elsewhere = claims.find(({ object }) => object.metadata.name === wanted.name);
  if (elsewhere) {
    const { namespace } = elsewhere.object.metadata;
    return `it is made in ${namespace ? `namespace ${namespace}` : "no namespace"}: set targetNamespace: ${wanted.namespace} in ks.yaml`;
  }
  const [other] = claims.filter((one) => one.owner === owner);
  if (other) {
    return `its Kustomization makes ${other.object.metadata.name || "one without a name"}: let APP in ks.yaml and existingClaim be one name`;
  }
  return "list the template that makes it in app/kustomization.yaml, or name the claim that is there";
}

export const referenceRules = [
  rule({
    id: "secret-missing",
    title: "each Secret and key is made where the pod looks for it",
    pitfalls: [5],
    isBlocker: true,
    find: missingSecrets,
  }),
  rule({
    id: "config-map-missing",
    title: "each ConfigMap is there",
    isBlocker: true,
    find: missingConfigMaps,
  }),
  rule({
    id: "claim-missing",
    title: "each claim is there",
    pitfalls: [6],
    isBlocker: true,
    find: missingClaims,
  }),
];
