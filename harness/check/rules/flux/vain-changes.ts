import { escapeRegExp, isInText } from "../../../base/index.ts";
import {
  isFluxKustomization,
  type KubeObject,
  type RenderedKustomization,
} from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key, placeIn } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Patch {
  patch?: string;
  target?: {
    group?: string;
    kind?: string;
    name?: string;
    namespace?: string;
    labelSelector?: string;
    annotationSelector?: string;
  };
}

interface ImageChange {
  name?: string;
  newName?: string;
}

/** What kustomize is told to change, by whom, and what it has to do with. */
interface Changes {
  /** `Kustomization opencode-ha`. */
  of: string;
  file: string | undefined;
  patches: Patch[];
  images: ImageChange[];
  /** Names of objects are given another form after the patches, or a hash. */
  isRenamed: boolean;
  /** What they could change, after they have. */
  objects: KubeObject[];
}

/** kustomization.yaml beside what a workspace applies, the Kustomization of Flux itself, and its releases. */
function changes({ home, isOurs, concernsUs, of }: Inspected): Changes[] {
  const { tree, rendered } = home;
  const written = tree.objects("Kustomization");
  const ofKustomization = ({ path, name, objects }: RenderedKustomization): Changes[] => {
    const own = objects.filter(({ by }) => !by.release).map(({ object }) => object);
    const list = written.find(
      (one) => one.path.startsWith(`${path}/`) && /^[^/]+$/.test(one.path.slice(path.length + 1)),
    );
    const flux = written.find(
      ({ object }) =>
        isFluxKustomization(object as { apiVersion?: string }) && object.metadata?.name === name,
    );
    return [
      { file: list?.path, told: list?.object },
      { file: flux?.path, told: flux?.object.spec },
    ].map(({ file, told }) => ({
      of: `Kustomization ${name}`,
      file,
      patches: listOf<Patch>(told?.patches),
      // Who says where else images stand knows more than this.
      images: told?.configurations === undefined ? listOf<ImageChange>(told?.images) : [],
      isRenamed: renaming.some((field) => told?.[field] !== undefined),
      objects: own,
    }));
  };
  const ofReleases = (): Changes[] =>
    of("HelmRelease").flatMap((one) => {
      const { object, file, owner } = one;
      const { name, namespace } = object.metadata;
      if (!concernsUs(one)) return [];
      const made = owner.objects.filter(
        ({ by }) => by.release?.name === name && by.release.namespace === namespace,
      );
      if (made.length === 0) return []; // a chart that nobody renders here
      return listOf<{ kustomize?: { patches?: unknown; images?: unknown } }>(
        (object.spec as { postRenderers?: unknown } | undefined)?.postRenderers,
      ).map(({ kustomize }) => ({
        of: `HelmRelease ${name}`,
        file,
        patches: listOf<Patch>(kustomize?.patches),
        images: listOf<ImageChange>(kustomize?.images),
        isRenamed: false,
        objects: made.map((one) => one.object),
      }));
    });
  const ours = rendered.kustomizations.filter(
    (one) => isOurs(one) && one.problem === undefined && one.appliedBy !== undefined,
  );
  return [...ours.flatMap(ofKustomization), ...ofReleases()];
}

const renaming = ["namePrefix", "nameSuffix", "configMapGenerator", "secretGenerator"] as const;

const listOf = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : []);

/** Patches whose target is nothing of what they could change: kustomize passes over them without a word. */
function vainPatches(inspected: Inspected): Fault[] {
  const { tree } = inspected.home;
  return changes(inspected).flatMap(({ of, file, patches, objects, isRenamed }) =>
    patches
      .filter(({ target }) => !(isRenamed && target?.name))
      .filter((patch) => isVain(patch, objects))
      .map(({ target = {} }) => ({
        message: `a patch of ${of} is for ${[target.kind ?? "an object", target.name].filter(Boolean).join(" ")}, which is none of what it applies: it changes nothing`,
        remedy:
          of.startsWith("Kustomization") && isMadeByHelm(target.kind)
            ? "what Helm makes is patched in spec.postRenderers of its HelmRelease"
            : "name in target what is there, or take the patch out",
        ...(file
          ? placeIn(tree, file, [
              key("patches"),
              new RegExp(`kind:? *["']?${escapeRegExp(target.kind ?? "")}|target:`),
            ])
          : {}),
      })),
  );
}

const isMadeByHelm = (kind: string | undefined) =>
  kind !== undefined && ["Deployment", "StatefulSet", "Service", "HTTPRoute"].includes(kind);

/** Names of a target are regular expressions, as a whole; by labels, and with variables, nothing is said. */
function isVain({ patch = "", target }: Patch, objects: readonly KubeObject[]): boolean {
  if (!target || /\$patch["']?: *["']?delete/.test(patch)) return false;
  const { kind, name, labelSelector, annotationSelector } = target;
  if (labelSelector || annotationSelector || /\$\{/.test(`${kind}${name}`)) return false;
  const is = (pattern: string | undefined, text: string) =>
    !pattern || isInText(`^(?:${pattern})$`, text) !== false;
  return !objects.some((one) => is(kind, one.kind) && is(name, one.metadata.name));
}

/**
 * Another image for one that no pod has: kustomize looks for it in pods that are written out, and not in a release's values.
 */
function vainImages(inspected: Inspected): Fault[] {
  const { tree } = inspected.home;
  const all = changes(inspected);
  // What one change makes of an image, another may change again.
  const changed = all.flatMap(({ images }) => images);
  return all.flatMap(({ of, file, images, objects }) => {
    const used = new Set(objects.flatMap(imagesOf).map(withoutTag));
    const isUsed = (change: ImageChange) => {
      const made = change.newName || change.name || "";
      const isChangedAgain = changed.some(
        ({ name, newName }) => name === made && newName && newName !== made && used.has(newName),
      );
      return used.has(made) || isChangedAgain;
    };
    return images
      .filter((change) => change.name && !/\$\{/.test(`${change.name}${change.newName}`) && !isUsed(change))
      .map(({ name = "" }) => ({
        message: `images of ${of} changes ${name}, which no pod that it applies has: it changes nothing`,
        remedy: of.startsWith("Kustomization")
          ? "the image of what Helm makes is in the values of its HelmRelease, or in its spec.postRenderers"
          : "name an image that the chart's pods have, or take the change out",
        ...(file ? placeIn(tree, file, [key("images"), name]) : {}),
      }));
  });
}

/** Of containers, at whatever depth they are: there kustomize looks. */
function imagesOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const containers = /^(initC|c)ontainers$/.test(name) ? listOf<{ image?: unknown }>(inner) : [];
    return [
      ...containers.map(({ image }) => image).filter((image) => typeof image === "string"),
      ...imagesOf(inner),
    ];
  });
}

/** `ghcr.io/owner/name`, of what may have a tag, a digest, or both. */
const withoutTag = (image: string): string => image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");

/** What kustomize is told to change, and passes over without a word. */
export const vainChangeRules = [
  rule({
    id: "patch-of-nothing",
    title: "patches are of what is applied",
    severity: "warning",
    find: vainPatches,
  }),
  rule({
    id: "image-of-nothing",
    title: "images that are changed are of pods that are applied",
    severity: "warning",
    find: vainImages,
  }),
];
