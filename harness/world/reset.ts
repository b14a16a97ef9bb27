import type { Progress } from "../base/index.ts";
import type { AnyObject, Cluster, ObjectSelection, Verdict } from "../cluster/index.ts";
import { type FluxEntry, type FluxName, reconcile, suspendKustomization } from "../gitops/index.ts";
import { fluxEntryOf, type Home } from "../home/index.ts";

const kustomization = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" };
const helmRelease = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" };
/** Labels that Flux puts on what a Kustomization has applied. */
const appliedBy = "kustomize.toolkit.fluxcd.io/name";
const appliedFrom = "kustomize.toolkit.fluxcd.io/namespace";
/** Annotation of a volume that a provisioner has made for its claim. */
const provisionedBy = "pv.kubernetes.io/provisioned-by";

/**
 * Takes away everything that the workspaces' Kustomizations brought: their releases, the workspaces' namespaces with the
 * volumes, certificates elsewhere. The home's own parts stay. Flux stays paused until `resumeWith`; what it applies then
 * starts from nothing.
 */
export async function emptyCluster(
  cluster: Cluster,
  home: Pick<Home, "rendered" | "needs" | "workspaces">,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<void> {
  const entry = fluxEntryOf(home.rendered);
  const namespaces = [...new Set(home.workspaces.map(({ namespace }) => namespace))];
  await Promise.all(entry.parents.map((parent) => suspendKustomization(cluster, parent, true)));
  const children = (await cluster.objects.all(kustomization)).filter(isOfTheTree(home, entry)).map(nameOf);
  const releases = await everyIn(cluster, helmRelease, namespaces);
  await progress.task("Flux lets go", () =>
    Promise.all([
      removeElsewhere(cluster, children, namespaces),
      ...children.map((child) => abandon(cluster, { ...kustomization, ...child })),
      ...releases.map((release) => abandon(cluster, { ...helmRelease, ...nameOf(release) })),
    ]),
  );
  await Promise.all(["kustomize-controller", "helm-controller"].map((app) => startAnew(cluster, app)));
  const gone = (
    selection: ObjectSelection,
    what: string,
    matches: (object: AnyObject) => boolean = () => true,
  ) =>
    progress.task(`${what} goes`, () =>
      cluster.wait({
        ...selection,
        what: `${what} is gone`,
        timeoutMs: 90_000,
        signal,
        until: noneOf(matches),
      }),
    );
  await Promise.all(namespaces.map((namespace) => removeWorkloads(cluster, namespace)));
  await Promise.all(
    namespaces.flatMap((namespace) =>
      slowToGo.map((kind) => gone({ ...kind, namespace }, `every ${kind.kind} of ${namespace}`)),
    ),
  );
  await Promise.all(
    namespaces.map((name) => cluster.objects.remove({ apiVersion: "v1", kind: "Namespace", name })),
  );
  await Promise.all([
    ...namespaces.map((name) => gone({ apiVersion: "v1", kind: "Namespace", name }, `namespace ${name}`)),
    gone(
      { apiVersion: "v1", kind: "PersistentVolume" },
      "every volume of a manifest",
      // A provisioned one has a name of its own: it goes by itself, in nobody's way.
      ({ metadata, spec }) =>
        namespaces.includes(String(spec?.claimRef?.namespace)) && !metadata?.annotations?.[provisionedBy],
    ),
    gone(kustomization, "every child Kustomization", isOfTheTree(home, entry)),
  ]);
}

/** Brought by the tree under test: neither one of the home's parts nor one that brings others, nor left out. */
function isOfTheTree(
  home: Pick<Home, "needs">,
  { source, parents }: FluxEntry,
): (object: AnyObject) => boolean {
  const stays = new Set([...parents, ...home.needs.ofHome].map(keyOf));
  return ({ metadata, spec }) =>
    spec?.sourceRef?.name === source.name &&
    spec?.suspend !== true &&
    !stays.has(keyOf(nameOf({ metadata })));
}

const keyOf = ({ namespace, name }: FluxName) => `${namespace}/${name}`;

function nameOf({ metadata }: { metadata?: AnyObject["metadata"] | undefined }): FluxName {
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
}

async function everyIn(
  cluster: Cluster,
  kind: { apiVersion: string; kind: string },
  namespaces: readonly string[],
): Promise<AnyObject[]> {
  return (
    await Promise.all(namespaces.map((namespace) => cluster.objects.all({ ...kind, namespace })))
  ).flat();
}

/**
 * What takes its time to go, for a grace period or for finalizers. Kubernetes looks again at a namespace that still has
 * such only after 16 s and 8 s (its namespace controller, half of the estimate): they go first.
 */
const slowToGo = [
  { apiVersion: "v1", kind: "Pod" },
  { apiVersion: "v1", kind: "PersistentVolumeClaim" },
  { apiVersion: "snapshot.storage.k8s.io/v1", kind: "VolumeSnapshot" },
  { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "OCIRepository" },
  { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" },
];

/** Whose controller makes claims and Jobs. */
const replications = ["ReplicationSource", "ReplicationDestination"].map((kind) => ({
  apiVersion: "volsync.backube/v1alpha1",
  kind,
}));

const job = { apiVersion: "batch/v1", kind: "Job" };

/** From the owner down, so that nobody makes anew what is deleted. */
async function removeWorkloads(cluster: Cluster, namespace: string): Promise<void> {
  const owners = ["Deployment", "StatefulSet", "ReplicaSet"].map((kind) => ({ apiVersion: "apps/v1", kind }));
  for (const kind of [...replications, job, ...owners, ...slowToGo]) {
    const found = await cluster.objects.all({ ...kind, namespace });
    const remove = { ...kind, namespace, ...(kind.kind === "Pod" ? { gracePeriodSeconds: 1 } : {}) };
    await Promise.all(
      found.map(({ metadata }) => cluster.objects.remove({ ...remove, name: metadata?.name ?? "" })),
    );
  }
}

/** Flux goes on after `emptyCluster`, with this revision: the tree of before must not come back for a moment. */
export async function resumeWith(
  cluster: Cluster,
  { revision, entry }: { revision: string; entry: FluxEntry },
  signal: AbortSignal,
): Promise<void> {
  await cluster.wait({
    what: "Flux has fetched the next tree",
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    ...entry.source,
    timeoutMs: 60_000,
    signal,
    until: ([source]) => {
      const seen = source?.status?.artifact?.revision as string | undefined;
      return seen === revision ? { ready: true } : { waiting: `it has ${seen}` };
    },
  });
  await Promise.all(entry.parents.map((parent) => suspendKustomization(cluster, parent, false)));
  await reconcile(
    cluster.objects,
    entry.parents.map((parent) => ({ kind: "Kustomization", ...parent })),
  );
}

/**
 * Deletes an object of Flux without the work that its finalizer stands for: what it has applied goes with the
 * namespace, at once and whatever state it is in.
 */
async function abandon(cluster: Cluster, selection: ObjectSelection & { name: string }): Promise<void> {
  const { apiVersion, kind, name, namespace = "" } = selection;
  const object = { apiVersion, kind, metadata: { name, namespace, finalizers: [] }, spec: { suspend: true } };
  await cluster.objects.merge(object);
  await cluster.objects.remove(selection);
}

/** A controller that is still waiting for what is gone now would leave its successor of the same name alone for minutes. */
async function startAnew(cluster: Cluster, app: string): Promise<void> {
  const namespace = "flux-system";
  const pods = await cluster.pods(namespace, `app=${app}`);
  const pod = { apiVersion: "v1", kind: "Pod", namespace, gracePeriodSeconds: 0 };
  await Promise.all(
    pods.map(({ metadata }) => cluster.objects.remove({ ...pod, name: metadata?.name ?? "" })),
  );
}

/** Kinds that a tree may bring into namespaces of the platform, where they would outlive it. */
export const kindsElsewhere = [
  { apiVersion: "cert-manager.io/v1", kind: "Certificate" },
  { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" },
  { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" },
  { apiVersion: "gateway.envoyproxy.io/v1alpha1", kind: "BackendTrafficPolicy" },
  { apiVersion: "gateway.envoyproxy.io/v1alpha1", kind: "ClientTrafficPolicy" },
  { apiVersion: "v1", kind: "PersistentVolume" },
];

/** What the tree's Kustomizations applied outside of the workspaces' namespaces, for instance the certificate. */
async function removeElsewhere(
  cluster: Cluster,
  children: readonly FluxName[],
  namespaces: readonly string[],
): Promise<void> {
  const selections = kindsElsewhere.flatMap((kind) =>
    children.map((child) => ({
      ...kind,
      labelSelector: `${appliedBy}=${child.name},${appliedFrom}=${child.namespace}`,
    })),
  );
  for (const { labelSelector, ...kind } of selections) {
    for (const { metadata } of await cluster.objects.all({ ...kind, labelSelector })) {
      const { name = "", namespace: where } = metadata ?? {};
      if (where !== undefined && namespaces.includes(where)) continue;
      await cluster.objects.remove({ ...kind, name, ...(where ? { namespace: where } : {}) });
    }
  }
}

function noneOf(matches: (object: AnyObject) => boolean): (objects: AnyObject[]) => Verdict<true> {
  return (objects) => {
    const left = objects.filter(matches);
    return left.length === 0
      ? { ready: true }
      : { waiting: `${left.map(({ metadata }) => metadata?.name).join(", ")} still there` };
  };
}
