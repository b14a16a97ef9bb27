import type { Progress } from "../base/index.ts";
import type { AnyObject, Cluster, ObjectSelection, Verdict } from "../cluster/index.ts";
import { reconcile } from "../gitops/index.ts";
import { namespace } from "../workspace/index.ts";

const fluxNamespace = "flux-system";
const kustomization = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  namespace: fluxNamespace,
};
const helmRelease = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" };
/** Label that Flux puts on what a Kustomization has applied. */
const appliedBy = "kustomize.toolkit.fluxcd.io/name";
const parent = "cluster-apps";
/** Annotation of a volume that a provisioner has made for its claim. */
const provisionedBy = "pv.kubernetes.io/provisioned-by";

/**
 * Takes away everything that the tree brought: its Kustomizations, its releases, its namespace with the volumes, its
 * certificate. Flux stays paused until `resumeWith`; what it applies then starts from nothing.
 */
export async function emptyCluster(cluster: Cluster, progress: Progress, signal: AbortSignal): Promise<void> {
  await cluster.objects.merge({ ...kustomizationNamed(parent), spec: { suspend: true } });
  const found = await cluster.objects.all({ ...kustomization, labelSelector: `${appliedBy}=${parent}` });
  const children = found.map(({ metadata }) => metadata?.name ?? "");
  const releases = await cluster.objects.all({ ...helmRelease, namespace });
  await progress.task("Flux lets go", () =>
    Promise.all([
      removeElsewhere(cluster, children),
      ...children.map((name) => abandon(cluster, { ...kustomization, name })),
      ...releases.map(({ metadata }) =>
        abandon(cluster, { ...helmRelease, namespace, name: metadata?.name ?? "" }),
      ),
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
  await removeWorkloads(cluster);
  await Promise.all(slowToGo.map((kind) => gone({ ...kind, namespace }, `every ${kind.kind}`)));
  await cluster.objects.remove({ apiVersion: "v1", kind: "Namespace", name: namespace });
  await Promise.all([
    gone({ apiVersion: "v1", kind: "Namespace", name: namespace }, `namespace ${namespace}`),
    gone(
      { apiVersion: "v1", kind: "PersistentVolume" },
      "every volume of a manifest",
      // A provisioned one has a name of its own: it goes by itself, in nobody's way.
      ({ metadata, spec }) =>
        spec?.claimRef?.namespace === namespace && !metadata?.annotations?.[provisionedBy],
    ),
    gone({ ...kustomization, labelSelector: `${appliedBy}=${parent}` }, "every child Kustomization"),
  ]);
}

/**
 * What takes its time to go, for a grace period or for finalizers. Kubernetes looks again at a namespace that still has
 * such only after 16 s and 8 s (its namespace controller, half of the estimate): they go first.
 */
const slowToGo = [
  { apiVersion: "v1", kind: "Pod" },
  { apiVersion: "v1", kind: "PersistentVolumeClaim" },
  { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "OCIRepository" },
  { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" },
];

/** From the owner down, so that nobody makes anew what is deleted. */
async function removeWorkloads(cluster: Cluster): Promise<void> {
  const owners = ["Deployment", "ReplicaSet"].map((kind) => ({ apiVersion: "apps/v1", kind }));
  for (const kind of [...owners, ...slowToGo]) {
    const found = await cluster.objects.all({ ...kind, namespace });
    const remove = { ...kind, namespace, ...(kind.kind === "Pod" ? { gracePeriodSeconds: 1 } : {}) };
    await Promise.all(
      found.map(({ metadata }) => cluster.objects.remove({ ...remove, name: metadata?.name ?? "" })),
    );
  }
}

/** Flux goes on after `emptyCluster`, with this revision: the tree of before must not come back for a moment. */
export async function resumeWith(cluster: Cluster, revision: string, signal: AbortSignal): Promise<void> {
  await cluster.wait({
    what: "Flux has fetched the next tree",
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    namespace: fluxNamespace,
    name: "home-kubernetes",
    timeoutMs: 60_000,
    signal,
    until: ([source]) => {
      const seen = source?.status?.artifact?.revision as string | undefined;
      return seen === revision ? { ready: true } : { waiting: `it has ${seen}` };
    },
  });
  await cluster.objects.merge({ ...kustomizationNamed(parent), spec: { suspend: false } });
  await reconcile(cluster.objects, [{ kind: "Kustomization", name: parent }]);
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
  const pods = await cluster.pods(fluxNamespace, `app=${app}`);
  const pod = { apiVersion: "v1", kind: "Pod", namespace: fluxNamespace, gracePeriodSeconds: 0 };
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

/** What the tree's Kustomizations applied outside of the workspaces' namespace, for instance the certificate. */
async function removeElsewhere(cluster: Cluster, children: string[]): Promise<void> {
  const selections = kindsElsewhere.flatMap((kind) =>
    children.map((child) => ({ ...kind, labelSelector: `${appliedBy}=${child}` })),
  );
  for (const { labelSelector, ...kind } of selections) {
    for (const { metadata } of await cluster.objects.all({ ...kind, labelSelector })) {
      const { name = "", namespace: where } = metadata ?? {};
      if (where === namespace) continue;
      await cluster.objects.remove({ ...kind, name, ...(where ? { namespace: where } : {}) });
    }
  }
}

function kustomizationNamed(name: string) {
  const { namespace, ...kind } = kustomization;
  return { ...kind, metadata: { name, namespace } };
}

function noneOf(matches: (object: AnyObject) => boolean): (objects: AnyObject[]) => Verdict<true> {
  return (objects) => {
    const left = objects.filter(matches);
    return left.length === 0
      ? { ready: true }
      : { waiting: `${left.map(({ metadata }) => metadata?.name).join(", ")} still there` };
  };
}
