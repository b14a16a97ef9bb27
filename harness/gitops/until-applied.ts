import type { Cluster, ObjectSelection, Verdict } from "../cluster/index.ts";
import {
  allOf,
  every,
  type FluxObject,
  hasApplied,
  hasObjects,
  hasRevision,
  isFetched,
  isReleased,
  said,
  saidSince,
} from "./flux-state.ts";

export interface UntilApplied {
  /** As `publish` returned it. */
  revision: string;
  /** Names of the Flux Kustomizations that must have applied it; see `fluxKustomizations`. */
  kustomizations: readonly string[];
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

type FluxCluster = Pick<Cluster, "wait"> & { objects: Pick<Cluster["objects"], "all"> };

const parent = "cluster-apps";
const fluxNamespace = "flux-system";
const source = { apiVersion: "source.toolkit.fluxcd.io/v1" };
const gitRepository = { ...source, kind: "GitRepository", namespace: fluxNamespace };
const ociRepository = { ...source, kind: "OCIRepository" };
const kustomization = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  namespace: fluxNamespace,
};
const helmRelease = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" };
const externalSecret = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" };

/**
 * Waits until Flux reports this very revision as applied by the parent and by each child Kustomization, and every
 * HelmRelease as installed. Returns the revision that Flux reports. A manifest that Flux refuses, a chart's tag that
 * is not there and a release that failed end the wait at once, with Flux's own words.
 *
 * @throws HarnessError `failed`; its details list what each object of Flux says of itself.
 */
export async function untilApplied(cluster: FluxCluster, options: UntilApplied): Promise<string> {
  const { revision, timeoutMs, kustomizations } = options;
  const deadline = Date.now() + timeoutMs;
  const what = `Flux has applied ${revision}`;
  const over = new AbortController();
  const signal = options.signal ? AbortSignal.any([over.signal, options.signal]) : over.signal;
  const wait = <T>(selection: ObjectSelection, until: Until<T>, graceMs = 0): Promise<T> =>
    cluster.wait({
      ...selection,
      what: whats[selection.kind] ?? what,
      timeoutMs: Math.max(1, deadline - Date.now()) + graceMs,
      until,
      diagnose: () => diagnose(cluster),
      signal,
    });

  const applied = async () => {
    const source = await wait({ ...gitRepository, name: "home-kubernetes" }, only(hasRevision(revision)));
    // What was said before belongs to an earlier revision, also where this one was published before that.
    const since = source.status?.artifact?.lastUpdateTime ?? "";
    await wait(kustomization, allOf([parent, ...kustomizations], saidSince(since, hasApplied(revision))));
    await wait(ociRepository, every(isFetched));
    await wait(helmRelease, every(isReleased));
    return revision;
  };
  // Flux would let a Kustomization's health check run into its time-out of minutes before it says what its chart and
  // its release say now. These watches end with that or not at all, so they must outlast the others.
  const stuck = kustomizations.map(async (name) => {
    await wait({ ...kustomization, name }, only(hasObjects(revision)), outlastMs);
    const labelSelector = `kustomize.toolkit.fluxcd.io/name=${name}`;
    return Promise.race([
      wait({ ...ociRepository, labelSelector }, onlyStuck(every(isFetched)), outlastMs),
      wait({ ...helmRelease, labelSelector }, onlyStuck(every(isReleased)), outlastMs),
    ]);
  });
  try {
    return await Promise.race([applied(), ...stuck]);
  } finally {
    over.abort();
    await Promise.allSettled(stuck);
  }
}

const outlastMs = 60_000;

const whats: Record<string, string> = {
  OCIRepository: "every chart is there",
  HelmRelease: "every HelmRelease is installed",
};

type Until<T> = (objects: FluxObject[]) => Verdict<T>;

function only(judge: ReturnType<typeof hasRevision>): Until<FluxObject> {
  return ([object]) => (object ? judge(object) : { waiting: "it is not there" });
}

/** Ends with a failure or not at all. */
function onlyStuck(until: Until<unknown>): Until<never> {
  return (objects) => {
    const verdict = until(objects);
    return "ready" in verdict ? { waiting: "nothing is wrong" } : verdict;
  };
}

/** What every object of Flux, and every ExternalSecret, that is not ready says of itself. */
export async function diagnose(cluster: FluxCluster): Promise<string> {
  const selections = [gitRepository, kustomization, ociRepository, helmRelease, externalSecret];
  const found = await Promise.all(
    selections.map(async (selection) => {
      const objects = await cluster.objects.all(selection).catch(() => []);
      return objects.map((object) => ({ ...object, kind: selection.kind }) as FluxObject);
    }),
  );
  return found
    .flat()
    .filter(isNotReady)
    .map((object) => said(object))
    .join("\n");
}

function isNotReady({ status }: FluxObject): boolean {
  return !status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
}
