import { findNeeds, type RenderedHome } from "../../home/index.ts";
import type { ObjectChange } from "./changes.ts";

/** What of a workspace a change is about; a scenario says which of these can touch it. */
export const concerns = [
  "pod",
  "volume",
  "backup",
  "secret",
  "route",
  "certificate",
  "record",
  "delivery",
  "runbook",
  "seeding",
] as const;
export type Concern = (typeof concerns)[number];

/** Kinds by what they are about. */
const kinds: Record<string, Concern> = {
  ...about(
    "pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "Pod",
    "Job",
    "CronJob",
    "HelmRelease",
    "ConfigMap",
  ),
  ...about("pod", "ServiceAccount", "PodDisruptionBudget", "PriorityClass", "HorizontalPodAutoscaler"),
  ...about("volume", "PersistentVolumeClaim", "PersistentVolume", "StorageClass"),
  ...about("backup", "ReplicationSource", "ReplicationDestination", "VolumeSnapshot", "VolumeSnapshotClass"),
  ...about(
    "secret",
    "Secret",
    "ExternalSecret",
    "ClusterExternalSecret",
    "SecretStore",
    "ClusterSecretStore",
  ),
  ...about("route", "HTTPRoute", "GRPCRoute", "Service", "Ingress", "Gateway", "GatewayClass", "EnvoyProxy"),
  ...about("route", "BackendTrafficPolicy", "ClientTrafficPolicy", "SecurityPolicy", "EnvoyExtensionPolicy"),
  ...about("route", "EnvoyPatchPolicy", "ReferenceGrant", "NetworkPolicy", "HTTPRouteFilter", "Backend"),
  ...about("certificate", "Certificate", "Issuer", "ClusterIssuer"),
  ...about("record", "DNSEndpoint"),
  ...about("delivery", "Kustomization", "Namespace", "GitRepository", "OCIRepository", "HelmRepository"),
  ...about("delivery", "HelmChart", "Bucket", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"),
};

function about(concern: Concern, ...names: string[]): Record<string, Concern> {
  return Object.fromEntries(names.map((name) => [name, concern]));
}

/** Files that no object comes from and scenarios carry out. */
const files: [RegExp, Concern][] = [
  [/\/(node-lost|volume-lost|login-expired)\.md$/, "runbook"],
  [/^scripts\/seed-copilot-auth\.sh$/, "seeding"],
];

/** Something that has changed, and what it is about. */
export interface Touch {
  /** `HTTPRoute opencode/opencode-ha`, or a file. */
  what: string;
  /** Undefined for a kind of which nobody has said what it is about: it may be all of them. */
  concern: Concern | undefined;
}

/** What can be felt in a workspace; `idle` are objects in Kustomizations that no workspace stands on. */
export interface Touches {
  touches: Touch[];
  idle: string[];
}

export function touchesOf(
  changes: readonly ObjectChange[],
  before: RenderedHome,
  after: RenderedHome,
): Touches {
  const needed = [neededIn(before), neededIn(after)];
  const isNeeded = (change: ObjectChange) => needed.some((one) => isPartOf(one, change));
  const felt = changes.filter(isNeeded);
  return {
    touches: [
      ...felt.map((change) => ({ what: nameOf(change), concern: concernOf(change, changes) })),
      ...changedFiles(before, after),
    ],
    idle: changes.filter((change) => !isNeeded(change)).map(nameOf),
  };
}

export const nameOf = ({ kind, namespace, name }: ObjectChange): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

/** Of a release whose objects are among the changes those say what it is about; else its own fields, or all that it makes. */
function concernOf({ kind, name, namespace, isOfRelease }: ObjectChange, all: readonly ObjectChange[]) {
  const makesSome = all.some(
    (one) => one.isOfRelease && one.namespace === namespace && one.name.startsWith(name),
  );
  return kind === "HelmRelease" && !isOfRelease && makesSome ? "delivery" : kinds[kind];
}

interface Needed {
  /** The Kustomizations that workspaces stand on, and those that apply them. */
  kustomizations: Set<string>;
  namespaces: Set<string>;
}

const keyOf = ({ namespace = "", name }: { namespace?: string; name: string }) => `${namespace}/${name}`;

/** What applies everything applies Kustomizations and namespaces of others, too. */
function isPartOf({ kustomizations, namespaces }: Needed, change: ObjectChange): boolean {
  if (change.kind === "Kustomization") return kustomizations.has(keyOf(change));
  if (change.kind === "Namespace") return namespaces.has(change.name);
  return kustomizations.has(keyOf(change.kustomization));
}

function neededIn(home: RenderedHome): Needed {
  const kustomizations = kustomizationsNeeded(home);
  const needed = home.rendered.kustomizations.filter((one) => kustomizations.has(keyOf(one)));
  const objects = needed.flatMap((one) => one.objects.map(({ object }) => object));
  const namespaces = objects
    .filter(({ kind }) => kind !== "Kustomization")
    .map(({ metadata }) => metadata.namespace ?? "");
  return { kustomizations, namespaces: new Set(namespaces) };
}

/** All where it cannot be told. */
function kustomizationsNeeded({ rendered, workspaces }: RenderedHome): Set<string> {
  try {
    const { ofWorkspaces, ofHome } = findNeeds(rendered, workspaces);
    const needed = new Set([...ofWorkspaces, ...ofHome].map(keyOf));
    // Each stands after the one that applies it.
    for (const one of [...rendered.kustomizations].reverse())
      if (one.appliedBy && needed.has(keyOf(one))) needed.add(keyOf(one.appliedBy));
    return needed;
  } catch {
    return new Set(rendered.kustomizations.map(keyOf));
  }
}

function changedFiles(before: RenderedHome, after: RenderedHome): Touch[] {
  const paths = new Set([...before.tree.files.keys(), ...after.tree.files.keys()]);
  return [...paths].flatMap((path) => {
    const [, concern] = files.find(([pattern]) => pattern.test(path)) ?? [];
    const [was, is] = [before, after].map(({ tree }) => tree.files.get(path)?.content.toString());
    return concern && was !== is ? [{ what: path, concern }] : [];
  });
}
