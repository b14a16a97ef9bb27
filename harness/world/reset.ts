import type { AnyObject, Cluster, ObjectSelection, Verdict } from "../cluster/index.ts";
import { reconcile } from "../gitops/index.ts";
import { namespace } from "../workspace/index.ts";

const fluxNamespace = "flux-system";
const kustomization = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  namespace: fluxNamespace,
};
/** Label that Flux puts on what a Kustomization has applied. */
const appliedBy = "kustomize.toolkit.fluxcd.io/name";
const parent = "cluster-apps";

/**
 * Takes away everything that the tree brought: its Kustomizations, its namespace with the volumes, its certificate.
 * Flux is paused meanwhile and looks again at the end; what it applies next starts from nothing.
 */
export async function emptyCluster(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const suspend = (suspended: boolean) =>
    cluster.objects.merge({ ...kustomizationNamed(parent), spec: { suspend: suspended } });
  await suspend(true);
  const children = (
    await cluster.objects.all({ ...kustomization, labelSelector: `${appliedBy}=${parent}` })
  ).map(({ metadata }) => metadata?.name ?? "");
  // Suspended ones leave what they applied alone when they go; the namespace below takes it along at once.
  await Promise.all(
    children.map((name) => cluster.objects.merge({ ...kustomizationNamed(name), spec: { suspend: true } })),
  );
  await Promise.all([
    removeReleases(cluster),
    removeElsewhere(cluster, children),
    ...children.map((name) => cluster.objects.remove({ ...kustomization, name })),
  ]);
  await cluster.objects.remove({ apiVersion: "v1", kind: "Namespace", name: namespace });
  const gone = (
    selection: ObjectSelection,
    what: string,
    matches: (object: AnyObject) => boolean = () => true,
  ) =>
    cluster.wait({
      ...selection,
      what: `${what} is gone`,
      timeoutMs: 90_000,
      signal,
      until: noneOf(matches),
    });
  await Promise.all([
    gone({ apiVersion: "v1", kind: "Namespace", name: namespace }, `namespace ${namespace}`),
    gone(
      { apiVersion: "v1", kind: "PersistentVolume" },
      "every volume",
      ({ spec }) => spec?.claimRef?.namespace === namespace,
    ),
    gone({ ...kustomization, labelSelector: `${appliedBy}=${parent}` }, "every child Kustomization"),
  ]);
  await suspend(false);
  await reconcile(cluster.objects, [{ kind: "Kustomization", name: parent }]);
}

/**
 * Helm need not uninstall what goes with its namespace: with the finalizer in place a release whose chart or storage
 * is already gone would hold the namespace back.
 */
async function removeReleases(cluster: Cluster): Promise<void> {
  const release = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" };
  for (const { metadata } of await cluster.objects.all({ ...release, namespace })) {
    const named = { ...release, metadata: { name: metadata?.name ?? "", namespace } };
    await cluster.objects.merge({ ...named, spec: { suspend: true } });
  }
}

/** What the tree's Kustomizations applied outside of the namespace, for instance the certificate. */
async function removeElsewhere(cluster: Cluster, children: string[]): Promise<void> {
  const certificate = { apiVersion: "cert-manager.io/v1", kind: "Certificate" };
  for (const child of children) {
    for (const { metadata } of await cluster.objects.all({
      ...certificate,
      labelSelector: `${appliedBy}=${child}`,
    })) {
      if (metadata?.namespace === namespace) continue;
      await cluster.objects.remove({
        ...certificate,
        name: metadata?.name ?? "",
        namespace: metadata?.namespace ?? "",
      });
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
