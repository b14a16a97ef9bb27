import { HarnessError } from "../base/index.ts";
import {
  isFluxKustomization,
  type RenderedKustomization,
  type RenderedTree,
  type WorkspaceFacts,
} from "../rendering/index.ts";
import { keyOf, type OwnedObject, objectsOf } from "./objects.ts";

/** Which parts of the home the workspaces stand on. */
export interface Needs {
  /** The Flux Kustomizations that apply workspaces and what belongs to them: as they stand. */
  ofWorkspaces: RenderedKustomization[];
  /** Those of the home that they lean on: gateways, certificates, stores, and what these and `dependsOn` name. */
  ofHome: RenderedKustomization[];
  /** The gateways that lead to a workspace, as `namespace/name`. */
  gateways: string[];
}

interface Reference {
  kind: string;
  namespace?: string | undefined;
  name: string;
}

/**
 * @throws HarnessError `failed` where a `dependsOn` names what nobody in the home has: Flux would wait for it for ever.
 */
export function findNeeds(rendered: RenderedTree, workspaces: readonly WorkspaceFacts[]): Needs {
  const all = objectsOf(rendered);
  const makers = makersOf(all);
  const named = new Map(rendered.kustomizations.map((one) => [`${one.namespace}/${one.name}`, one]));
  const ofWorkspaces = new Set<RenderedKustomization>();
  for (const { kustomization, externalSecrets, claims, namespace } of workspaces) {
    const own = named.get(`${kustomization.namespace}/${kustomization.name}`);
    if (own) ofWorkspaces.add(own);
    const used = [
      ...externalSecrets.map(({ name }) => ({ kind: "ExternalSecret", namespace, name })),
      ...claims.map(({ name }) => ({ kind: "PersistentVolumeClaim", namespace, name })),
    ];
    for (const owner of ownersOf(used, makers)) ofWorkspaces.add(owner);
  }
  const gateways = [...new Set(workspaces.flatMap(gatewaysOf))];
  for (const owner of certificateOwners(all, workspaces)) ofWorkspaces.add(owner);
  const ofHome = new Set([
    ...ownersOf(leanedOn(all, workspaces, gateways), makers),
    ...[...ofWorkspaces].flatMap((one) => dependenciesOf(one, named, all)),
  ]);
  return {
    ofWorkspaces: [...ofWorkspaces].filter((one) => !isAggregate(one)),
    ofHome: [...ofHome].filter((one) => !ofWorkspaces.has(one) && !isAggregate(one)),
    gateways,
  };
}

/** It applies other Kustomizations: the entry and the parent of all applications, which are there in any case. */
export function isAggregate({ objects }: RenderedKustomization): boolean {
  return objects.some(({ object }) => isFluxKustomization(object));
}

function gatewaysOf({ hosts }: WorkspaceFacts): string[] {
  return hosts.flatMap(({ gateways }) => gateways.map(({ namespace, name }) => `${namespace}/${name}`));
}

/** Objects by the names under which others refer to them; Secrets also by what makes them. */
function makersOf(all: readonly OwnedObject[]): Map<string, RenderedKustomization> {
  return new Map(
    all.flatMap(({ object, owner }) => {
      const { name, namespace } = object.metadata;
      const own = [keyOf(object.kind, namespace, name), owner] as const;
      const secret = secretOf(object);
      return secret ? [own, [keyOf("Secret", namespace, secret), owner] as const] : [own];
    }),
  );
}

function secretOf({ kind, metadata, spec }: OwnedObject["object"]): string | undefined {
  const { secretName, target } = (spec ?? {}) as { secretName?: string; target?: { name?: string } };
  if (kind === "Certificate") return secretName;
  return kind === "ExternalSecret" ? (target?.name ?? metadata.name) : undefined;
}

function ownersOf(
  references: readonly Reference[],
  makers: Map<string, RenderedKustomization>,
): RenderedKustomization[] {
  return references.flatMap(({ kind, namespace, name }) => makers.get(keyOf(kind, namespace, name)) ?? []);
}

/** What gateways, policies, certificates and stores the workspaces lean on. */
function leanedOn(
  all: readonly OwnedObject[],
  workspaces: readonly WorkspaceFacts[],
  gateways: readonly string[],
): Reference[] {
  const gatewayNamespaces = new Set(gateways.map((gateway) => gateway.split("/")[0]));
  return [
    ...gateways.flatMap((gateway) => gatewayReferences(all, gateway)),
    ...all
      .map(({ object }) => object)
      .filter(
        ({ apiVersion, metadata }) =>
          isGatewayGroup(apiVersion) && metadata.namespace && gatewayNamespaces.has(metadata.namespace),
      )
      .map(({ kind, metadata }) => ({ kind, namespace: metadata.namespace, name: metadata.name })),
    ...workspaces.flatMap(({ externalSecrets, namespace }) =>
      externalSecrets.flatMap(({ store }) => storeReferences(all, store, namespace)),
    ),
  ];
}

const isGatewayGroup = (apiVersion: string) => apiVersion.startsWith("gateway.envoyproxy.io/");

interface GatewaySpec {
  gatewayClassName?: string;
  listeners?: { tls?: { certificateRefs?: { name: string; namespace?: string }[] } }[];
}

function gatewayReferences(all: readonly OwnedObject[], gateway: string): Reference[] {
  const [namespace = "", name = ""] = gateway.split("/");
  const found = all.find(
    ({ object }) =>
      object.kind === "Gateway" && object.metadata.namespace === namespace && object.metadata.name === name,
  );
  const spec = (found?.object.spec ?? {}) as GatewaySpec;
  const secrets = (spec.listeners ?? []).flatMap(({ tls }) => tls?.certificateRefs ?? []);
  const certificates = secrets.map((secret) => ({
    kind: "Secret",
    namespace: secret.namespace ?? namespace,
    name: secret.name,
  }));
  return [
    { kind: "Gateway", namespace, name },
    { kind: "GatewayClass", name: spec.gatewayClassName ?? "" },
    ...certificates,
    ...certificates.flatMap((secret) => issuerReferences(all, secret)),
  ];
}

function issuerReferences(all: readonly OwnedObject[], secret: Reference): Reference[] {
  const certificates = all.filter(
    ({ object }) =>
      object.kind === "Certificate" &&
      object.metadata.namespace === secret.namespace &&
      secretOf(object) === secret.name,
  );
  return certificates.flatMap(({ object }) => {
    const { issuerRef } = (object.spec ?? {}) as { issuerRef?: { kind?: string; name: string } };
    if (!issuerRef) return [];
    const { kind = "Issuer", name } = issuerRef;
    return [{ kind, name, ...(kind === "Issuer" ? { namespace: secret.namespace } : {}) }];
  });
}

function storeReferences(
  all: readonly OwnedObject[],
  store: { kind: string; name: string },
  namespace: string,
): Reference[] {
  const own = { ...store, ...(store.kind === "SecretStore" ? { namespace } : {}) };
  const found = all.find(
    ({ object }) =>
      object.kind === store.kind &&
      object.metadata.name === store.name &&
      (own.namespace === undefined || object.metadata.namespace === own.namespace),
  );
  const names = [...JSON.stringify(found?.object.spec ?? {}).matchAll(/\{"name":"[^"]*"[^{}]*\}/g)];
  const secrets = names.map(([text]) => JSON.parse(text) as { name: string; namespace?: string });
  return [own, ...secrets.map((secret) => ({ kind: "Secret", ...secret }))];
}

/** What makes a certificate for a workspace's host belongs to the workspace, also where no Gateway names it. */
function certificateOwners(
  all: readonly OwnedObject[],
  workspaces: readonly WorkspaceFacts[],
): RenderedKustomization[] {
  const hosts = workspaces.flatMap((workspace) => workspace.hosts.map(({ hostname }) => hostname));
  const wanted = new Set(hosts.flatMap((host) => [host, host.replace(/^[^.]+/, "*")]));
  const covering = all.filter(({ object }) => {
    const { dnsNames = [] } = (object.spec ?? {}) as { dnsNames?: string[] };
    return object.kind === "Certificate" && dnsNames.some((name) => wanted.has(name));
  });
  // A wildcard of the whole home is the home's.
  return covering
    .filter(({ object }) => !isApex((object.spec as { dnsNames: string[] }).dnsNames))
    .map(({ owner }) => owner);
}

function isApex(dnsNames: readonly string[]): boolean {
  return dnsNames.some((name) => dnsNames.includes(`*.${name}`));
}

/**
 * What it and the releases that it applies wait for. What these wait for in turn is the home's own affair: their charts
 * are stand-ins here, which wait for nobody.
 */
function dependenciesOf(
  { object, objects, namespace, name }: RenderedKustomization,
  named: ReadonlyMap<string, RenderedKustomization>,
  all: readonly OwnedObject[],
): RenderedKustomization[] {
  const own = dependsOn(object.spec).map((one) => {
    const key = `${one.namespace ?? namespace}/${one.name}`;
    return named.get(key) ?? nobodyHas({ kind: "Kustomization", name }, "Kustomization", key);
  });
  const releases = objects.filter(({ object }) => object.kind === "HelmRelease");
  const ofReleases = releases.flatMap(({ object: { metadata, spec } }) =>
    dependsOn(spec).map((one) => {
      const key = `${one.namespace ?? metadata.namespace}/${one.name}`;
      const found = all.find(
        ({ object }) =>
          object.kind === "HelmRelease" && `${object.metadata.namespace}/${object.metadata.name}` === key,
      );
      return found?.owner ?? nobodyHas({ kind: "HelmRelease", name: metadata.name }, "HelmRelease", key);
    }),
  );
  return [...own, ...ofReleases];
}

function dependsOn(spec: unknown): { name: string; namespace?: string }[] {
  return (spec as { dependsOn?: { name: string; namespace?: string }[] } | undefined)?.dependsOn ?? [];
}

function nobodyHas(object: { kind: string; name: string }, kind: string, key: string): never {
  const other = kind === "HelmRelease" ? " (a HelmRelease waits for HelmReleases only)" : "";
  throw new HarnessError(
    `${object.kind} ${object.name} depends on ${kind} ${key}, which nobody in the home has${other}`,
    {
      code: "failed",
      remedy: `name a ${kind} that the home applies, or leave the dependency out: Flux waits for it for ever`,
      look: [{ ...object, field: ["spec", "dependsOn"] }],
    },
  );
}
