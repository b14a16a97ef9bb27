import type { Cluster } from "../cluster/index.ts";
import { type FluxObject, hasApplied, said } from "./flux-state.ts";
import type { FluxName } from "./until-applied.ts";

const kustomization = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" };

/** What is waited for of one Kustomization. */
export interface OfRevision {
  /** As `publish` returned it. */
  revision: string;
  /** 30 s if not given. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** Waits until one Kustomization has this revision, its health checks included, whatever others do. */
export async function untilTaken(
  cluster: Pick<Cluster, "wait">,
  { namespace, name }: FluxName,
  { revision, timeoutMs = 30_000, signal }: OfRevision,
): Promise<void> {
  const isTaken = hasApplied(revision);
  await cluster.wait({
    ...kustomization,
    namespace,
    name,
    what: `Kustomization ${name} takes ${revision}`,
    timeoutMs,
    signal,
    until: ([object]) => (object ? isTaken(object as FluxObject) : { waiting: "it is not there" }),
  });
}

/** Waits until Flux has said that this Kustomization cannot have the revision. Returns Flux's own words. */
export async function untilRefused(
  cluster: Pick<Cluster, "wait">,
  { namespace, name }: FluxName,
  { revision, timeoutMs = 30_000, signal }: OfRevision,
): Promise<string> {
  return cluster.wait({
    ...kustomization,
    namespace,
    name,
    what: `Flux says that Kustomization ${name} cannot have ${revision}`,
    timeoutMs,
    signal,
    until: ([object]) => refusalOf(object as FluxObject | undefined, revision),
  });
}

function refusalOf(object: FluxObject | undefined, revision: string) {
  if (!object) return { waiting: "it is not there" };
  const verdict = hasApplied(revision)(object);
  // Flux may have the new revision before it has the Kustomization's new spec, and take it with the old one for a moment.
  if ("ready" in verdict) return { waiting: `${said(object)}: it has taken it` };
  return "stuck" in verdict ? { ready: verdict.stuck } : verdict;
}

/** As `flux suspend` does: Flux leaves alone what this Kustomization brings. False: as `flux resume`. */
export async function suspendKustomization(
  { objects }: { objects: Pick<Cluster["objects"], "merge"> },
  { namespace, name }: FluxName,
  suspend: boolean,
): Promise<void> {
  await objects.merge({ ...kustomization, metadata: { namespace, name }, spec: { suspend } });
}
