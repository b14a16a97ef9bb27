import { posix } from "node:path";
import { parseDocument } from "yaml";
import { manifestYaml } from "./go-yaml.ts";
import type { ManifestObject, Tree } from "./tree.ts";

/** Where a home of the usual layout keeps what Flux starts from. */
const fluxDirectory = "kubernetes/flux/";

/** Trees of applications, where a Kustomization that applies its own directory is a mistake and no entry. */
const ofApplications = /(?:^|\/)(?:apps|components|templates)\//;

/** Of a repository whose Flux was started from outside of it: where people keep the first Kustomizations. */
const ofClusters = /^((?:.*\/)?(?:clusters?(?:\/[^/]+(?=\/))?|flux|flux-system))\//;

/** A Kustomization from which Flux starts. Somebody has applied it by hand, or an operator has. */
export interface FluxStart {
  /** What it applies first, or the directory it stands in: of several clusters each has its own. */
  directory: string;
  /** As it stands in its file, or as flux-operator makes it. */
  object: ManifestObject;
}

interface Found {
  path: string;
  object: ManifestObject;
}

/**
 * The Kustomizations that a whole repository starts from: those that apply the directory they stand in (`flux bootstrap`
 * makes such a one), what flux-operator makes of a FluxInstance, or, where there is neither, those among the clusters' own
 * that no other one applies. None in a tree of applications.
 */
export function fluxStarts(tree: Tree): FluxStart[] {
  const all = fluxKustomizations(tree);
  const usual = all.filter(({ path }) => path.startsWith(fluxDirectory));
  if (usual.length > 0) return ofOneCluster(usual, all);
  const ofThemselves = all.filter(({ path, object }) => !ofApplications.test(path) && isItsOwn(object, path));
  if (ofThemselves.length > 0)
    return ofThemselves.map(({ object }) => ({ directory: directoryOf(object), object }));
  const ofOperator = syncsIn(tree).map((object) => ({ directory: directoryOf(object), object }));
  if (ofOperator.length > 0) return ofOperator;
  return ofNobody(all, all).flatMap(({ path, object }) => {
    const directory = ofClusters.exec(path)?.[1];
    return directory === undefined || ofApplications.test(directory) ? [] : [{ directory, object }];
  });
}

/** Flux's own, not kustomize's. What has another form than an object is none of either. */
export function fluxKustomizations(tree: Tree): Found[] {
  return tree
    .objects("Kustomization")
    .filter(({ object: { apiVersion } }) => `${apiVersion}`.startsWith("kustomize.toolkit.fluxcd.io/"));
}

function ofOneCluster(usual: Found[], all: Found[]): FluxStart[] {
  const ofThemselves = usual.filter(({ path, object }) => applies(object, path));
  const found = ofThemselves.length > 0 ? ofThemselves : ofNobody(usual, all);
  return found.map(({ object }) => ({ directory: fluxDirectory.slice(0, -1), object }));
}

const ofNobody = (some: Found[], all: Found[]): Found[] =>
  some.filter(({ path }) => !all.some(({ object }) => applies(object, path)));

/** The directory that a Kustomization applies; "" is the root. */
export function directoryOf({ spec }: ManifestObject): string {
  const path = typeof spec?.path === "string" ? spec.path : "";
  return posix.join("/", path).slice(1).replace(/\/$/, "");
}

const applies = (object: ManifestObject, path: string): boolean => {
  const directory = directoryOf(object);
  return directory !== "" && path.startsWith(`${directory}/`);
};

/** One that applies the root may be of another repository: only what `flux bootstrap` has made is believed. */
const isItsOwn = (object: ManifestObject, path: string): boolean =>
  applies(object, path) || (directoryOf(object) === "" && path.endsWith("/gotk-sync.yaml"));

interface Sync {
  kind?: string;
  name?: string;
  path?: string;
}

/** The Kustomizations that flux-operator makes: of a FluxInstance, or of the values of its chart. */
function syncsIn(tree: Tree): ManifestObject[] {
  const instances = tree
    .objects("FluxInstance")
    .map(({ object }) => ({ sync: object.spec?.sync, namespace: object.metadata?.namespace }));
  const releases = tree
    .objects("HelmRelease")
    .map(({ object }) => ({ sync: syncOf(object.spec?.values), namespace: undefined }));
  const values = valuesIn(tree).map((object) => ({ sync: syncOf(object), namespace: undefined }));
  return [...instances, ...releases, ...values].flatMap(({ sync, namespace = "flux-system" }) => {
    const { kind = "GitRepository", name = namespace, path } = (sync ?? {}) as Sync;
    if (typeof path !== "string") return [];
    return {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name, namespace },
      spec: { interval: "10m", path, prune: true, sourceRef: { kind, name } },
    };
  });
}

/** Files of values for the chart of flux-operator's instance, which a generator makes a ConfigMap of. */
function valuesIn(tree: Tree): unknown[] {
  const paths = [...tree.files.keys()].filter((path) => /values\.ya?ml$/.test(posix.basename(path)));
  return paths
    .map((path) => tree.text(path))
    .filter((text) => /^instance:/m.test(text) && /^\s+sync:/m.test(text))
    .map((text) => parseDocument(text, manifestYaml))
    .filter(({ errors }) => errors.length === 0)
    .map((document): unknown => document.toJS());
}

const syncOf = (values: unknown): unknown =>
  (values as { instance?: { sync?: unknown } } | undefined)?.instance?.sync;
