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

/**
 * Asks Flux to look now instead of at the next interval, as `flux reconcile` does. What is not there (yet) is passed
 * over: Flux looks at it as soon as it comes.
 */
export async function reconcile(objects: Pick<ObjectClient, "merge">, targets: FluxTarget[]): Promise<void> {
  const requestedAt = new Date().toISOString();
  await Promise.all(
    targets.map(async ({ kind, name, namespace = fluxNamespace }) => {
      const annotations = { "reconcile.fluxcd.io/requestedAt": requestedAt };
      const metadata = { name, namespace, annotations };
      try {
        await objects.merge({ apiVersion: apiVersions[kind], kind, metadata });
      } catch (error) {
        const { isNotFound } = await import("../cluster/index.ts"); // heavy, and rendering comes through this door
        if (!isNotFound(error)) throw error;
      }
    }),
  );
}
