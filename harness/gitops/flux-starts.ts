import { posix } from "node:path";
import { parseDocument } from "yaml";
import { escapeRegExp } from "../base/index.ts";
import { manifestYaml } from "./go-yaml.ts";
import { directoryOf, type Found, isOfFlux, outerStarts } from "./outer-start.ts";
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
  /** Where it stands, or what flux-operator makes it of: of another cluster's, that may be outside of the directory. */
  file: string;
}

/**
 * The Kustomizations that a whole repository starts from: those that apply the directory they stand in (`flux bootstrap`
 * makes such a one), what flux-operator makes of a FluxInstance, or, where there is neither, those among the clusters' own
 * that no other one applies. None in a tree of applications.
 */
export function fluxStarts(tree: Tree): FluxStart[] {
  const all = fluxKustomizations(tree);
  const ofThemselves = all.filter(({ path, object }) => !ofApplications.test(path) && isItsOwn(object, path));
  const usual = ofUsual(
    tree,
    all.filter(({ path }) => path.startsWith(fluxDirectory)),
    all,
  );
  if (usual.length > 0) return [...usual, ...ofThemselves.filter(isOfAnotherCluster).map(startOf)];
  if (ofThemselves.length > 0) return ofThemselves.map(startOf);
  const ofOperator = syncsIn(tree).map(startOf);
  if (ofOperator.length > 0) return ofOperator;
  const ofClusterItself = ofNobody(all, all).filter(({ path }) => {
    const directory = ofClusters.exec(path)?.[1];
    return directory !== undefined && !ofApplications.test(directory);
  });
  return outerStarts(tree, ofClusterItself, () => []).map(({ path, object }) => ({
    directory: ofClusters.exec(path)?.[1] ?? "",
    object,
    file: path,
  }));
}

const startOf = ({ path, object }: Found): FluxStart => ({
  directory: directoryOf(object),
  object,
  file: path,
});

/** Those of Flux, not kustomize's. */
export function fluxKustomizations(tree: Tree): Found[] {
  return tree.objects("Kustomization").filter(({ object }) => isOfFlux(object));
}

/** None where Kustomizations of clusters beside lead to all that stands in kubernetes/flux: they share it. */
function ofUsual(tree: Tree, usual: Found[], all: Found[]): FluxStart[] {
  const ofThemselves = usual.filter(({ path, object }) => applies(object, path));
  const found =
    ofThemselves.length > 0 ? ofThemselves : outerStarts(tree, ofNobody(usual, all), () => syncsIn(tree));
  return found.map(({ path, object }) => ({ directory: fluxDirectory.slice(0, -1), object, file: path }));
}

/** Beside kubernetes/flux one that `flux bootstrap` has made, in a directory of clusters: a repository has more than one. */
const isOfAnotherCluster = ({ path }: Found): boolean =>
  !path.startsWith(fluxDirectory) && ofClusters.test(path) && path.endsWith("/gotk-sync.yaml");

const ofNobody = (some: Found[], all: Found[]): Found[] =>
  some.filter(({ path }) => !all.some(({ object }) => applies(object, path)));

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
function syncsIn(tree: Tree): Found[] {
  const instances = tree.objects("FluxInstance").map(({ path, object: { spec, metadata } }) => ({
    file: path,
    sync: spec?.sync,
    namespace: metadata?.namespace,
  }));
  const releases = tree
    .objects("HelmRelease")
    .map(({ path, object }) => ({ file: path, sync: syncOf(object.spec?.values), namespace: undefined }));
  const values = valuesIn(tree).map(({ file, values: all }) => ({
    file,
    sync: syncOf(all),
    namespace: undefined,
  }));
  return [...instances, ...releases, ...values].flatMap(({ file, sync, namespace = "flux-system" }) => {
    const { kind = "GitRepository", name = namespace, path } = (sync ?? {}) as Sync;
    if (typeof path !== "string") return [];
    return directoriesLike(tree, path, file).map((directory) => ({
      path: file,
      object: {
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        kind: "Kustomization",
        metadata: { name, namespace },
        spec: { interval: "10m", path: directory, prune: true, sourceRef: { kind, name } },
      },
    }));
  });
}

/**
 * What a path may be that has a variable in it, as several clusters of one instance have (`clusters/${CLUSTER}`): the
 * directories of that form, of those the one in which it is said. Itself, where there is none.
 */
function directoriesLike(tree: Tree, path: string, file: string): string[] {
  if (!path.includes("${")) return [path];
  const plain = posix.join("/", path).slice(1).replace(/\/$/, "");
  const pattern = plain.split("/").map(segmentPattern).join("/");
  const form = new RegExp(`^(${pattern})/`);
  const found = new Set([...tree.files.keys()].flatMap((one) => form.exec(one)?.[1] ?? []));
  const own = [...found].filter((one) => file.startsWith(`${one}/`));
  if (own.length > 0) return own;
  return found.size > 0 ? [...found] : [path];
}

/** A name with several variables is any: in how many ways its parts could be shared out nobody should have to try. */
function segmentPattern(segment: string): string {
  const parts = segment.split(/\$\{[^}]*\}/).map(escapeRegExp);
  return parts.length > 2 ? "[^/]+" : parts.join("[^/]+");
}

/** Files of values for the chart of flux-operator's instance, which a generator makes a ConfigMap of. */
function valuesIn(tree: Tree): { file: string; values: unknown }[] {
  const files = [...tree.files.keys()].filter((path) => /values\.ya?ml$/.test(posix.basename(path)));
  return files
    .map((file) => ({ file, text: tree.text(file) }))
    .filter(({ text }) => /^instance:/m.test(text) && /^\s+sync:/m.test(text))
    .map(({ file, text }) => ({ file, document: parseDocument(text, manifestYaml) }))
    .filter(({ document }) => document.errors.length === 0)
    .map(({ file, document }) => ({ file, values: document.toJS() as unknown }));
}

const syncOf = (values: unknown): unknown =>
  (values as { instance?: { sync?: unknown } } | undefined)?.instance?.sync;
