import type { ObjectClient } from "../cluster/index.ts";

const fluxNamespace = "flux-system";

/** Kinds of Flux that can be asked to look again, with their API groups. */
const apiVersions = {
  GitRepository: "source.toolkit.fluxcd.io/v1",
  OCIRepository: "source.toolkit.fluxcd.io/v1",
  Kustomization: "kustomize.toolkit.fluxcd.io/v1",
  HelmRelease: "helm.toolkit.fluxcd.io/v2",
} as const;

export interface FluxTarget {
  kind: keyof typeof apiVersions;
  name: string;
  /** flux-system if not given. */
  namespace?: string;
}

/** Asks Flux to look now instead of at the next interval, as `flux reconcile` does. */
export async function reconcile(objects: Pick<ObjectClient, "merge">, targets: FluxTarget[]): Promise<void> {
  const requestedAt = new Date().toISOString();
  await Promise.all(
    targets.map(({ kind, name, namespace = fluxNamespace }) =>
      objects.merge({
        apiVersion: apiVersions[kind],
        kind,
        metadata: { name, namespace, annotations: { "reconcile.fluxcd.io/requestedAt": requestedAt } },
      }),
    ),
  );
}
