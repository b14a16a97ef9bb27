import { gatewayDeployOf } from "../../home/index.ts";
import type { Fault } from "../finding.ts";
import { type Inspected, type InspectedWorkspace, ownedNamed, releaseOf, specOf } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

function backups({ of, objects, workspaces, placeOf }: Inspected): Fault[] {
  const namespaces = new Set(workspaces.map(({ facts }) => facts.namespace));
  return of("ReplicationSource")
    .filter(({ object }) => namespaces.has(object.metadata.namespace ?? ""))
    .flatMap((one) => {
      const { namespace = "", name } = one.object.metadata;
      const { sourcePVC = "" } = specOf<{ sourcePVC?: string }>(one);
      if (objects.find("PersistentVolumeClaim", { namespace, name: sourcePVC })) return [];
      if (ofStatefulSet(objects, namespace, sourcePVC)) return [];
      return {
        message: `ReplicationSource ${name} backs up claim ${namespace}/${sourcePVC}, which nobody makes`,
        remedy: "name the claim that the workspace mounts",
        ...placeOf(one, key("sourcePVC")),
      };
    });
}

/** `<template>-<StatefulSet>-<ordinal>`. */
function ofStatefulSet(objects: Inspected["objects"], namespace: string, claim: string): boolean {
  return objects.in("StatefulSet", namespace).some(({ metadata, spec }) => {
    const { volumeClaimTemplates = [] } = (spec ?? {}) as {
      volumeClaimTemplates?: { metadata?: { name?: string } }[];
    };
    const prefixes = volumeClaimTemplates.map((one) => `${one.metadata?.name}-${metadata.name}-`);
    return prefixes.some((prefix) => claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length)));
  });
}

/** A mover that may not be root restores every file as its own; one without a user is nobody, and may not even read them all. */
function foreignMovers({ of, workspaces, placeOf }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts: { name, namespace, uid, backup } }) => {
    const home = of("Namespace").find(({ object }) => object.metadata.name === namespace);
    const mayBeRoot = home?.object.metadata.annotations?.[privilegedMovers]?.toLowerCase() === "true";
    if (!backup || uid === undefined || mayBeRoot) return [];
    return ["ReplicationSource", "ReplicationDestination"].flatMap((kind) =>
      of(kind)
        .filter(({ object: { metadata } }) => metadata.namespace === namespace)
        .filter(({ object: { metadata } }) => [backup.source, backup.destination].includes(metadata.name))
        .flatMap((one) => {
          const mover = moverOf(one.object.spec);
          if (mover === uid) return [];
          const who = mover === undefined ? "nobody in particular" : `uid ${mover}`;
          const comes =
            mover === undefined && kind === "ReplicationSource"
              ? "it cannot read what only they may"
              : `what it restores belongs to ${mover ?? "nobody"}`;
          return {
            message: `${kind} ${one.object.metadata.name} moves files of uid ${uid} (${name}) as ${who}: ${comes}`,
            remedy: `annotate namespace ${namespace} with ${privilegedMovers}: "true", or let the mover be uid ${uid} (moverSecurityContext)`,
            ...placeOf(one, key(mover === undefined ? "restic" : "runAsUser")),
          };
        }),
    );
  });
}

const privilegedMovers = "volsync.backube/privileged-movers";

function moverOf(spec: unknown): number | undefined {
  const { restic } = (spec ?? {}) as { restic?: { moverSecurityContext?: { runAsUser?: number } } };
  return restic?.moverSecurityContext?.runAsUser;
}

interface Peer {
  namespaceSelector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
  podSelector?: object;
  ipBlock?: object;
}

function closedToGateway(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const policies = inspected.of("NetworkPolicy").filter(({ object }) => selects(object, workspace));
    const [first] = policies;
    if (!first) return [];
    if (workspace.facts.hosts.length === 0) return [];
    const gateways = new Set(
      workspace.facts.hosts.flatMap(({ gateways }) => gateways.map(({ namespace }) => namespace)),
    );
    const { proxies, isKnown } = proxyNamespaces(inspected, [...gateways]);
    // What another maker's policies let in adds to it, and is not read.
    const isAlone = !["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"].some(
      (kind) => inspected.of(kind).length > 0,
    );
    const isOpen = policies.some(({ object }) => admits(inspected, object.spec, proxies));
    if (isOpen || proxies.length === 0) return [];
    return {
      message: `NetworkPolicy ${first.object.metadata.name} lets no traffic of the Gateway (namespace ${proxies.join(", ")}) reach ${workspace.facts.name}`,
      remedy: `allow ingress from namespace ${proxies.join(", ")} (kubernetes.io/metadata.name)`,
      ...(isKnown && isAlone ? {} : { severity: "warning" as const, isBlocker: false }),
      ...inspected.placeOf(first, key("ingress")),
    };
  });
}

interface Selector {
  matchLabels?: Record<string, string> | null;
  matchExpressions?: { key: string; operator: string; values?: string[] | null }[] | null;
}

/** Empty fields of YAML are null. */
function isSelected(labels: Record<string, string | undefined>, selector: Selector | undefined): boolean {
  const { matchLabels, matchExpressions } = selector ?? {};
  const holds = ({
    key: label,
    operator,
    values = [],
  }: NonNullable<Selector["matchExpressions"]>[number]) => {
    const value = labels[label];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const isIn = value !== undefined && (values ?? []).includes(value);
    return operator === "NotIn" ? !isIn : isIn;
  };
  return (
    Object.entries(matchLabels ?? {}).every(([label, value]) => labels[label] === value) &&
    (matchExpressions ?? []).every(holds)
  );
}

function selects(
  object: { metadata: { namespace?: string }; spec?: unknown },
  { facts, workload }: InspectedWorkspace,
): boolean {
  const { podSelector, policyTypes, egress } = (object.spec ?? {}) as {
    podSelector?: Selector;
    policyTypes?: string[];
    egress?: unknown;
  };
  const types = policyTypes ?? (egress ? ["Ingress", "Egress"] : ["Ingress"]);
  return (
    object.metadata.namespace === facts.namespace &&
    types.includes("Ingress") &&
    isSelected(workload.podLabels, podSelector)
  );
}

/** Where Envoy's own pods stand: with the Gateway, or with its controller; else a guess. */
function proxyNamespaces(
  { home, of }: Inspected,
  gateways: string[],
): { proxies: string[]; isKnown: boolean } {
  if (gatewayDeployOf(home.rendered)?.type === "GatewayNamespace")
    return { proxies: gateways, isKnown: true };
  const controller = of("HelmRelease").find(({ object }) => object.metadata.name === "envoy-gateway");
  const { namespace } = controller?.object.metadata ?? {};
  return { proxies: [namespace ?? "envoy-gateway-system"], isKnown: namespace !== undefined };
}

function admits({ of }: Inspected, spec: unknown, namespaces: readonly string[]): boolean {
  const { ingress = [] } = (spec ?? {}) as { ingress?: { from?: Peer[] }[] };
  const labelsOf = (namespace: string): Record<string, string> => ({
    ...of("Namespace").find(({ object }) => object.metadata.name === namespace)?.object.metadata.labels,
    "kubernetes.io/metadata.name": namespace,
  });
  const isFrom = ({ namespaceSelector, ipBlock }: Peer, namespace: string) => {
    if (ipBlock || namespaceSelector?.matchExpressions) return true;
    if (!namespaceSelector) return false;
    return Object.entries(namespaceSelector.matchLabels ?? {}).every(
      ([label, value]) => labelsOf(namespace)[label] === value,
    );
  };
  return ingress.some(
    ({ from }) => !from?.length || from.some((peer) => namespaces.some((one) => isFrom(peer, one))),
  );
}

/** A range within one major version: `4.4.x`, `~4.4.0`, `^4`. */
const ofOneMajor = /^(?:[~^]\s*v?\d+(?:\.[\dx*]+)*|v?\d+(?:\.\d+)?(?:\.[x*]){0,2})$/;

function looseCharts(inspected: Inspected): Fault[] {
  const { home, of, placeOf, isOurs } = inspected;
  return home.rendered.releases
    .filter(({ isRendered, kustomization }) => isRendered && isOurs(kustomization))
    .flatMap(({ namespace, name, chart }) => {
      const release = ownedNamed(inspected, "HelmRelease", { namespace, name });
      const { chartRef } = (release?.object.spec ?? {}) as { chartRef?: { kind: string; name: string } };
      const source =
        chartRef && of(chartRef.kind).find(({ object }) => object.metadata.name === chartRef.name);
      const { ref } = (source?.object.spec ?? {}) as { ref?: { semver?: string; digest?: string } };
      // Flux goes by the digest, then by semver, and only then by the tag.
      const version = (ref?.digest === undefined ? ref?.semver : undefined) ?? chart?.version;
      const isPinned = version !== undefined && /^v?\d+\.\d+\.\d+[^\s|,]*$/.test(version);
      if (isPinned || !release) return [];
      return {
        message: `HelmRelease ${name} takes whatever app-template is newest (${version ?? "no version"})`,
        remedy: "pin the version that the home's other applications have",
        // Of one major version the values stay what they are.
        ...(ofOneMajor.test(version ?? "") ? { severity: "warning" as const } : {}),
        ...placeOf(
          source ?? release,
          key(source ? "ref" : "chart"),
          ref?.semver ? key("semver") : /^\s*(tag|version):/,
        ),
      };
    });
}

/** Values that Helm takes from a Secret stand in the objects that it makes, and in its own history. */
function secretValues(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts } = workspace;
    const release = releaseOf(inspected, workspace);
    const { valuesFrom = [] } = (release?.object.spec ?? {}) as {
      valuesFrom?: { kind: string; name: string; valuesKey?: string }[];
    };
    if (!release) return [];
    return valuesFrom
      .filter(
        ({ kind, name }) => kind === "Secret" && facts.externalSecrets.some(({ secret }) => secret === name),
      )
      .map(({ name, valuesKey }) => ({
        message: `HelmRelease ${release.object.metadata.name} takes ${valuesKey ?? "values"} from Secret ${name}: Helm writes it into objects and into its history`,
        remedy: "let the container read the Secret itself (secretKeyRef, or a mount)",
        ...inspected.placeOf(release, key("valuesFrom")),
      }));
  });
}

export const systemRules = [
  rule({ id: "backup-of-nothing", title: "backups name claims that are there", find: backups }),
  rule({
    id: "foreign-mover",
    title: "backups are moved as the user whose files they are, or as root",
    pitfalls: [1],
    find: foreignMovers,
  }),
  rule({
    id: "closed-to-gateway",
    title: "network policies let the Gateway in",
    isBlocker: true,
    find: closedToGateway,
  }),
  rule({
    id: "chart-version",
    title: "charts are pinned",
    pitfalls: [12],
    find: looseCharts,
  }),
  rule({
    id: "secret-in-values",
    title: "no secret goes through Helm's values",
    pitfalls: [3],
    find: secretValues,
  }),
];
