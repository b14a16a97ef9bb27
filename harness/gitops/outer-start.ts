import { posix } from "node:path";
import { type ManifestObject, Tree } from "./tree.ts";

/** A Kustomization, and the file that it stands in. */
export interface Found {
  path: string;
  object: ManifestObject;
}

/** Whether Flux's own, and not kustomize's. What has another form than an object is none of either. */
export const isOfFlux = ({ kind, apiVersion }: ManifestObject): boolean =>
  kind === "Kustomization" && `${apiVersion}`.startsWith("kustomize.toolkit.fluxcd.io/");

/** The directory that a Kustomization applies; "" is the root. */
export function directoryOf({ spec }: ManifestObject): string {
  const path = typeof spec?.path === "string" ? spec.path : "";
  return posix.join("/", path).slice(1).replace(/\/$/, "");
}

/**
 * The first Kustomizations of a repository in which none applies these: somebody else does, and with them whatever stands
 * beside them, a namespace or the settings. Where something does, that one takes their place: as flux-operator makes it, or
 * as it must be where it is in no file of the tree.
 *
 * @param made the Kustomizations that flux-operator makes
 */
export function outerStarts(tree: Tree, first: Found[], made: () => Found[]): Found[] {
  const groups = Map.groupBy(first, ({ path }) => posix.dirname(path));
  return [...groups].flatMap(([directory, group]) => {
    const [one] = group;
    if (!one || directory === "." || !hasMore(tree, directory)) return group;
    const known = made().find(({ object }) => directoryOf(object) === directory);
    return [known ?? { path: one.path, object: applying(directory, one.object) }];
  });
}

/** Whether a directory has more to apply than Kustomizations, and what those apply. */
function hasMore(tree: Tree, directory: string): boolean {
  // Reading is what takes time: of its files alone.
  const files = [...tree.files].filter(([path]) => path.startsWith(`${directory}/`));
  const objects = new Tree(files).objects();
  const applied = objects
    .filter(({ object }) => isOfFlux(object))
    .map(({ object }) => `${directoryOf(object)}/`)
    .filter((one) => one.startsWith(`${directory}/`));
  return objects.some(
    ({ path, object }) =>
      !applied.some((one) => path.startsWith(one)) && isApplied(object) && !isOfFlux(object),
  );
}

const isApplied = ({ kind, apiVersion, metadata }: ManifestObject): boolean =>
  kind !== undefined &&
  metadata?.name !== undefined &&
  !`${apiVersion}`.startsWith("kustomize.config.k8s.io/");

function applying(directory: string, { apiVersion, kind, metadata, spec }: ManifestObject): ManifestObject {
  const { namespace: own = "flux-system" } = metadata ?? {};
  const source = spec?.sourceRef as { kind?: string; name?: string; namespace?: string } | undefined;
  const { namespace = own, ...sourceRef } = source ?? {};
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    metadata: { name: "flux-system", namespace },
    spec: { interval: "10m", path: directory, prune: true, sourceRef },
  };
}
