import { posix } from "node:path";
import { parseAllDocuments } from "yaml";
import { isKustomizationFile, kustomizationFileIn, manifestYaml, type Tree } from "../gitops/index.ts";
import type { KustomizationObject } from "./kustomization-object.ts";

/** What source-controller leaves out of every artifact, as far as it could be taken for a manifest. */
const neverInArtifact =
  /(?:^|\/)(?:\.sops\.yaml|\.flux\.yaml|\.goreleaser\.yml|\.travis\.yml|\.gitlab-ci\.yml|appveyor\.yml|\.drone\.yml|cloudbuild\.yaml|codeship-(?:services|steps)\.yml|(?:\.git|\.github|\.circleci)\/.*)$/;

const fields = new Set(
  `apiVersion kind metadata openapi namePrefix nameSuffix namespace commonLabels labels commonAnnotations
  patchesStrategicMerge patchesJson6902 patches images imageTags replacements replicas vars sortOptions resources components
  crds bases configMapGenerator secretGenerator helmGlobals helmCharts helmChartInflationGenerator generatorOptions
  configurations generators transformers validators buildMetadata`.split(/\s+/),
);

/** The kustomization file that Flux builds instead of the directory's own. */
export interface KustomizationFile {
  /** Where it stands in the tree. */
  path: string;
  /** JSON, which kustomize reads as the YAML that it is. */
  text: string;
  /** Fields that Flux drops, since they are none of kustomize's: a misspelt `resources` applies nothing. */
  unknownFields: string[];
}

/**
 * What Flux makes of a directory before it builds it: its own kustomization file, or one that lists every YAML file below
 * it (directories with a kustomization file as such), with the fields of the Flux Kustomization put in. `.sourceignore` and
 * the GitRepository's `ignore` are not looked at.
 *
 * @returns undefined where the tree has no such directory
 * @throws YAMLParseError of the directory's own file
 */
export function kustomizationFile(
  tree: Tree,
  directory: string,
  { spec }: KustomizationObject,
): KustomizationFile | undefined {
  const below = [...tree.files.keys()].filter((path) => directory === "" || path.startsWith(`${directory}/`));
  if (below.length === 0) return undefined;
  const own = kustomizationFileIn(tree, directory);
  const base = own === undefined ? generated(below, directory) : fieldsOf(tree.text(own));
  const unknownFields = Object.keys(base).filter((field) => !fields.has(field));
  const known = Object.fromEntries(Object.entries(base).filter(([field]) => fields.has(field)));
  return {
    path: own ?? posix.join(directory, "kustomization.yaml"),
    text: JSON.stringify({ ...known, ...additions(tree, directory, spec, known) }),
    unknownFields,
  };
}

/**
 * The fields of a kustomization file: Flux and kustomize read its first document, whatever comes after.
 *
 * @throws YAMLParseError
 */
export function fieldsOf(text: string): Record<string, unknown> {
  const [document] = parseAllDocuments(text, manifestYaml);
  const [error] = document?.errors ?? [];
  if (error) throw error;
  const value: unknown = document?.toJS();
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** In the order of a walk through the directories. */
function generated(below: string[], directory: string): Record<string, unknown> {
  const roots = new Set(below.filter(isKustomizationFile).map((path) => posix.dirname(path)));
  const outermost = (path: string) =>
    ancestors(path, directory).find((ancestor) => roots.has(ancestor)) ??
    (/\.ya?ml$/.test(path) && !neverInArtifact.test(path) ? path : undefined);
  const found = below.map(outermost).filter((path) => path !== undefined);
  const resources = [...new Set(found)].sort(byWalk).map((path) => `./${posix.relative(directory, path)}`);
  return {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    ...(resources.length > 0 ? { resources } : {}),
  };
}

/** The directories between, the outermost first. */
function ancestors(path: string, directory: string): string[] {
  const parts = posix.relative(directory, posix.dirname(path)).split("/").filter(Boolean);
  return parts.map((_, index) => posix.join(directory, ...parts.slice(0, index + 1)));
}

function byWalk(left: string, right: string): number {
  const [a, b] = [left, right].map((path) => path.replaceAll("/", "\0"));
  return (a ?? "") < (b ?? "") ? -1 : 1;
}

function additions(
  tree: Tree,
  directory: string,
  spec: KustomizationObject["spec"],
  base: Record<string, unknown>,
): Record<string, unknown> {
  const list = (field: string) => (Array.isArray(base[field]) ? base[field] : []);
  const { targetNamespace, namePrefix, nameSuffix, patches = [], images = [] } = spec;
  const isThere = (component: string) => {
    const path = posix.join(directory, component);
    return [...tree.files.keys()].some((file) => file.startsWith(`${path}/`));
  };
  const components = (spec.components ?? []).filter(
    (component) => !spec.ignoreMissingComponents || isThere(component),
  );
  const replaced = new Set(images.map(({ name }) => name));
  const keptImages = list("images").filter((image) => !replaced.has((image as { name: string }).name));
  return {
    ...(targetNamespace === undefined ? {} : { namespace: targetNamespace }),
    ...(namePrefix === undefined ? {} : { namePrefix }),
    ...(nameSuffix === undefined ? {} : { nameSuffix }),
    ...(patches.length > 0 ? { patches: [...list("patches"), ...patches] } : {}),
    ...(components.length > 0 ? { components: [...list("components"), ...components] } : {}),
    ...(images.length > 0 ? { images: [...keptImages, ...images] } : {}),
    // Says of each object which file it is from; taken off again, and Flux sets it where nothing else is in the file.
    buildMetadata: [...new Set([...list("buildMetadata"), "originAnnotations"])],
  };
}
