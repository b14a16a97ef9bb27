import { posix } from "node:path";
import { closest, escapeRegExp } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import { isFluxKustomization } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key, type Place, placeIn } from "../../reading/place.ts";
import { someNames } from "../../reading/some-names.ts";
import { rule } from "../../rule.ts";

interface Dependency {
  name: string;
  namespace?: string;
}

const dependsOn = (spec: unknown): Dependency[] =>
  (spec as { dependsOn?: Dependency[] } | undefined)?.dependsOn ?? [];

/** Names of Kustomizations and HelmReleases that somebody waits for and nobody has. */
function unanswered(inspected: Inspected): Fault[] {
  const flux = inspected.of("Kustomization").filter(({ object }) => isFluxKustomization(object));
  const ours = flux.filter(({ object }) =>
    inspected.isOurs({ namespace: object.metadata.namespace ?? "", name: object.metadata.name }),
  );
  const releases = inspected.of("HelmRelease").filter(inspected.concernsUs);
  return [...ours, ...releases].flatMap((one) => waitsInVain(inspected, one));
}

function waitsInVain(inspected: Inspected, one: OwnedObject): Fault[] {
  const { kind, metadata, spec } = one.object;
  const names = namesOf(inspected, kind);
  return dependsOn(spec)
    .map((wanted) => ({ ...wanted, key: `${wanted.namespace ?? metadata.namespace}/${wanted.name}` }))
    .filter(({ key }) => !names.has(key))
    .map(({ name, key: wanted }) => {
      const isKustomization = kind === "HelmRelease" && nameIn(namesOf(inspected, "Kustomization"), name);
      const elsewhere = [...names].find((one) => one.endsWith(`/${name}`));
      return {
        message: `${kind} ${metadata.name} depends on ${kind} ${wanted}, which nobody in the home has`,
        remedy: elsewhere
          ? `it is ${elsewhere}: write namespace: ${elsewhere.split("/")[0]}, or none where that is its own`
          : isKustomization
            ? `move ${name} to spec.dependsOn of the Flux Kustomization (ks.yaml): a HelmRelease waits for HelmReleases only`
            : `name a ${kind} that the home applies${meant(inspected, kind, name)}, or leave the dependency out: Flux waits for it for ever`,
        ...inspected.placeOf(one, key("dependsOn"), name),
      };
    });
}

/** In another home the same thing has another name: what makes the stores, or what begins with the same word. */
function meant(inspected: Inspected, kind: string, name: string): string {
  const names = [...namesOf(inspected, kind)];
  const stores = ["ClusterSecretStore", "SecretStore"].flatMap(inspected.of);
  const makers = new Set(stores.map(({ owner }) => `${owner.namespace}/${owner.name}`));
  if (kind === "Kustomization" && /\bstores?\b/.test(name) && makers.size > 0)
    return ` (its secret stores are made by ${someNames(makers)})`;
  const last = (key: string) => key.slice(key.indexOf("/") + 1);
  const alike = names.filter((key) => last(key).split("-")[0] === name.split("-")[0]);
  const guess = closest(name, alike.map(last));
  return guess === undefined ? "" : ` (did you mean ${alike.find((key) => last(key) === guess)}?)`;
}

const nameIn = (keys: Set<string>, name: string) => [...keys].some((one) => one.endsWith(`/${name}`));

function namesOf({ home, of }: Inspected, kind: string): Set<string> {
  if (kind === "Kustomization")
    return new Set(home.rendered.kustomizations.map(({ namespace, name }) => `${namespace}/${name}`));
  return new Set(of(kind).map(({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}`));
}

/** Kustomizations with a workspace in them that stand in the tree and that no other one leads to. */
function unreached({ home }: Inspected): Fault[] {
  const reached = new Set(home.rendered.kustomizations.map(({ name }) => name));
  // What cannot be built makes nothing, and has a finding of its own.
  const broken = home.rendered.kustomizations
    .filter(({ problem }) => problem !== undefined)
    .map(({ path }) => path);
  return home.tree
    .objects("Kustomization")
    .filter(({ path, object }) => isFluxKustomization(object) && !isPutAway(path))
    .flatMap(({ path, object }) => {
      const name = object.metadata?.name ?? "";
      const directory = posix.join(String(object.spec?.path ?? "")).replace(/^\.?\//, "");
      if (
        reached.has(name) ||
        isBelow(broken, path) ||
        name.includes("$") ||
        !speaksOfOpenCode(home.tree, directory)
      )
        return [];
      return {
        message: `Kustomization ${name} is in the tree, and Flux does not reach it: nothing of it is ever applied`,
        remedy:
          "list its ks.yaml, or the directory that leads to it, in the resources of the kustomization.yaml above",
        ...whereItEnds(home.tree, path),
      };
    });
}

/** What workflows and editors read, and what its owner has archived. */
const isPutAway = (path: string): boolean => /(?:^|\/)(?:\.[^/]+|_?archived?)\//i.test(path);

const isBelow = (directories: readonly string[], path: string) =>
  directories.some((one) => one !== "" && path.startsWith(`${one}/`));

type Tree = Inspected["home"]["tree"];

function speaksOfOpenCode(tree: Tree, directory: string): boolean {
  return [...tree.files].some(
    ([file, { content }]) => file.startsWith(`${directory}/`) && /opencode/i.test(content.toString()),
  );
}

/** The nearest kustomization.yaml above a file that does not lead to it. */
function whereItEnds(tree: Tree, path: string): Place {
  let below = path;
  for (let above = posix.dirname(path); above !== "."; above = posix.dirname(above)) {
    const list = `${above}/kustomization.yaml`;
    if (!tree.files.has(list)) continue;
    const step = posix.relative(above, below);
    if (!new RegExp(`[./\\s[]${escapeRegExp(step)}(?=$|[\\s,\\]"'])`, "m").test(tree.text(list)))
      return placeIn(tree, list, [key("resources")]);
    below = above;
  }
  return { file: path, line: 1 };
}

export const dependencyRules = [
  rule({
    id: "dependency-unanswered",
    title: "everything that is waited for is in the home",
    pitfalls: [5],
    isBlocker: true,
    find: unanswered,
  }),
  rule({
    id: "never-applied",
    title: "Flux reaches every workspace of the tree",
    isBlocker: true,
    find: unreached,
  }),
];
