import { outlastMs, patientMs } from "../base/index.ts";
import type { Cluster, ObjectSelection, Verdict } from "../cluster/index.ts";
import { withoutCircle } from "./dependency-circle.ts";
import {
  allOf,
  every,
  type FluxObject,
  hasApplied,
  hasObjects,
  hasRevision,
  isFetched,
  isReleased,
  type Judge,
  said,
  saidSince,
  withDependencies,
} from "./flux-state.ts";

/** An object of Flux by its name. */
export interface FluxName {
  namespace: string;
  name: string;
}

/** How Flux gets at the tree: its source, and the Kustomizations that bring others. */
export interface FluxEntry {
  /** The GitRepository that the tree is published to. */
  source: FluxName;
  /** The roots, and every Kustomization that applies Kustomizations. */
  parents: readonly FluxName[];
}

export interface UntilApplied {
  /** As `publish` returned it. */
  revision: string;
  entry: FluxEntry;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

type FluxCluster = Pick<Cluster, "wait"> & { objects: Pick<Cluster["objects"], "all"> };

const source = { apiVersion: "source.toolkit.fluxcd.io/v1" };
const gitRepository = { ...source, kind: "GitRepository" };
const ociRepository = { ...source, kind: "OCIRepository" };
const kustomization = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" };
const helmRelease = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" };
const externalSecret = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" };

/**
 * Waits until Flux reports this very revision as applied by the entry and by every Kustomization that comes of it, and
 * every HelmRelease as installed; what is suspended is passed over. Returns the revision that Flux reports. A manifest
 * that Flux refuses, a dependency that is not there, a chart's tag that is not there and a release that failed end the
 * wait within seconds, with Flux's own words.
 *
 * @throws HarnessError `failed`; its details list what each object of Flux says of itself.
 */
export async function untilApplied(cluster: FluxCluster, options: UntilApplied): Promise<string> {
  const { revision, timeoutMs, entry } = options;
  const deadline = performance.now() + patientMs(timeoutMs);
  const what = `Flux has applied ${revision}`;
  const over = new AbortController();
  const signal = options.signal ? AbortSignal.any([over.signal, options.signal]) : over.signal;
  const wait = <T>(selection: ObjectSelection, until: Until<T>, graceMs = 0): Promise<T> =>
    cluster.wait({
      ...selection,
      what: whats[selection.kind] ?? what,
      timeoutMs: Math.max(1, deadline - performance.now()) + graceMs,
      until,
      ...(selection.kind === kustomization.kind ? { stuckForMs } : {}),
      diagnose: () => diagnose(cluster),
      signal,
    });
  // Flux would let a Kustomization's health check run into its time-out of minutes before it says what its chart and
  // its release say now. These watches end with that or not at all, so they must outlast the others.
  const watchReleases = async ({ namespace, name }: FluxName): Promise<never> => {
    await wait({ ...kustomization, namespace, name }, only(hasObjects(revision)), outlastMs);
    const labelSelector = [
      `kustomize.toolkit.fluxcd.io/name=${name}`,
      `kustomize.toolkit.fluxcd.io/namespace=${namespace}`,
    ].join();
    return Promise.race([
      wait({ ...ociRepository, labelSelector }, onlyStuck(every(isFetched)), outlastMs),
      wait({ ...helmRelease, labelSelector }, onlyStuck(every(isReleased)), outlastMs),
    ]);
  };
  const ofTree = (judge: Judge) => (all: FluxObject[]) => every(judge)(all.filter((one) => isOf(entry, one)));
  const watchDependencies = async (): Promise<never> => {
    await wait(kustomization, ofTree(hasObjects(revision)), outlastMs);
    return wait(helmRelease, onlyStuck(every(withDependencies(isReleased))), outlastMs);
  };
  const stuck: Promise<never>[] = [];
  try {
    const fetched = await wait({ ...gitRepository, ...entry.source }, only(hasRevision(revision)));
    // What was said before belongs to an earlier revision, also where this one was published before that.
    const since = fetched.status?.artifact?.lastUpdateTime ?? "";
    const isApplied = saidSince(since, hasApplied(revision));
    await wait(kustomization, allOf(entry.parents, isApplied));
    const found = (await cluster.objects.all(kustomization)) as FluxObject[];
    const children = found.filter((one) => isOf(entry, one)).map(nameOf);
    stuck.push(...children.map(watchReleases), watchDependencies());
    const applied = async () => {
      await wait(kustomization, withoutCircle(ofTree(withDependencies(isApplied))));
      await wait(ociRepository, whereActive(every(isFetched)));
      await wait(helmRelease, whereActive(every(isReleased)));
      return revision;
    };
    return await Promise.race([applied(), ...stuck]);
  } finally {
    over.abort();
    await Promise.allSettled(stuck);
  }
}

/** Flux applies it from the tree, and is not told to leave it alone. */
function isOf({ source }: FluxEntry, { spec, metadata }: FluxObject): boolean {
  const { name, namespace = metadata?.namespace } = spec?.sourceRef ?? {};
  return spec?.suspend !== true && name === source.name && namespace === source.namespace;
}

function nameOf({ metadata }: FluxObject): FluxName {
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
}

function whereActive(until: Until<FluxObject[]>): Until<FluxObject[]> {
  return (objects) => until(objects.filter(({ spec }) => spec?.suspend !== true));
}

/**
 * kustomize-controller, at work on the spec before this one, may write its failure down as one of this when both come at
 * once; it begins anew at once then (seen with Flux 2.7: 0.1 s). helm-controller's first word must not wait: the next is
 * about what it does about it.
 */
const stuckForMs = 3_000;

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
