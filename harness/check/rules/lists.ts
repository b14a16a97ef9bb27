import { escapeRegExp, isInText } from "../../base/index.ts";
import { isFluxKustomization } from "../../rendering/index.ts";
import type { Fault } from "../finding.ts";
import type { Inspected } from "../inspected.ts";
import { key, placeIn } from "../place.ts";
import { rule } from "../rule.ts";

/** Manifests beside a kustomization.yaml that no kustomization names: they stand in Git, and nowhere else. */
function forgottenFiles({ home: { tree, rendered }, isOurs }: Inspected): Fault[] {
  const lists = [...tree.files.keys()].filter((path) => /\/kustomization\.ya?ml$/.test(path));
  return lists.flatMap((list) => {
    const directory = list.slice(0, list.lastIndexOf("/"));
    const owner = rendered.kustomizations.find(({ path }) => path === directory);
    if (!owner || owner.problem !== undefined || !isOurs(owner)) return [];
    const text = tree.text(list);
    const beside = [...tree.files.keys()].filter((path) => {
      const name = path.slice(directory.length + 1);
      return path.startsWith(`${directory}/`) && /^[^/]+\.ya?ml$/.test(name) && path !== list;
    });
    return beside
      .filter((path) => !text.includes(path.slice(directory.length + 1)) && runs.test(tree.text(path)))
      .map((path) => ({
        message: `${path.slice(directory.length + 1)} stands beside kustomization.yaml, which does not list it: Flux never applies it`,
        remedy: "list it in resources, or remove it",
        // A workspace that is not there is missed by nobody else; what it needs has findings of its own.
        ...(makesPods.test(tree.text(path)) ? {} : { severity: "warning" as const }),
        ...placeIn(tree, list, [key("resources")]),
      }));
  });
}

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

/** Patches of a workspace's own files whose target is none of its objects: kustomize passes over them without a word. */
function vainPatches(inspected: Inspected): Fault[] {
  const { home, isOurs } = inspected;
  const { tree, rendered } = home;
  return rendered.kustomizations
    .filter((one) => isOurs(one) && one.problem === undefined && one.appliedBy !== undefined)
    .flatMap(({ path, name, objects }) => {
      const own = objects.filter(({ by }) => !by.release).map(({ object }) => object);
      const list = tree
        .objects("Kustomization")
        .find((one) => one.path.startsWith(`${path}/`) && /^[^/]+$/.test(one.path.slice(path.length + 1)));
      const flux = tree
        .objects("Kustomization")
        .find(
          ({ object }) =>
            isFluxKustomization(object as { apiVersion?: string }) && object.metadata?.name === name,
        );
      const found = [
        ...patchesOf(list?.object.patches).map((patch) => ({ patch, file: list?.path })),
        ...patchesOf(flux?.object.spec?.patches).map((patch) => ({ patch, file: flux?.path })),
      ];
      return found
        .filter(({ patch }) => isVain(patch, own))
        .map(({ patch: { target = {} }, file }) => ({
          message: `a patch of Kustomization ${name} is for ${[target.kind ?? "an object", target.name].filter(Boolean).join(" ")}, which is none of what it applies: it changes nothing`,
          remedy:
            target.kind !== undefined &&
            ["Deployment", "StatefulSet", "Service", "HTTPRoute"].includes(target.kind)
              ? "what Helm makes is patched in spec.postRenderers of its HelmRelease"
              : "name in target what is there, or take the patch out",
          ...(file
            ? placeIn(tree, file, [
                key("patches"),
                new RegExp(`kind:? *["']?${escapeRegExp(target.kind ?? "")}|target:`),
              ])
            : {}),
        }));
    });
}

const patchesOf = (value: unknown): Patch[] => (Array.isArray(value) ? (value as Patch[]) : []);

/** Names of a target are regular expressions, as a whole; by labels, and with variables, nothing is said. */
function isVain(
  { patch = "", target }: Patch,
  objects: readonly { kind: string; metadata: { name: string } }[],
): boolean {
  if (!target || /\$patch: *["']?delete/.test(patch)) return false;
  const { kind, name, labelSelector, annotationSelector } = target;
  if (labelSelector || annotationSelector || /\$\{/.test(`${kind}${name}`)) return false;
  const is = (pattern: string | undefined, text: string) =>
    pattern === undefined || isInText(`^(?:${pattern})$`, text) !== false;
  return !objects.some((one) => is(kind, one.kind) && is(name, one.metadata.name));
}

const makesPods = /^kind: (HelmRelease|Deployment|StatefulSet)\b/m;
const runs = /^kind: (HelmRelease|Deployment|StatefulSet|ExternalSecret|HTTPRoute|\w*Policy|Certificate)\b/m;

/** What kustomizations list, and what they change of it. */
export const listRules = [
  rule({
    id: "patch-of-nothing",
    title: "patches are of what is applied",
    severity: "warning",
    find: vainPatches,
  }),
  rule({ id: "file-not-listed", title: "every manifest is listed", find: forgottenFiles }),
];
