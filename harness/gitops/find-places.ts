import { blockBelow, describePlace, HarnessError, type ManifestPlace } from "../base/index.ts";
import { isKustomizationFile } from "./kustomize-files.ts";
import { type ManifestNode, manifestNodes } from "./manifest-node.ts";
import type { Tree } from "./tree.ts";

/** A place of the manifests where a reader should look. */
export interface FoundPlace {
  /** Relative to the tree, with slashes. */
  path: string;
  /** Counted from 1; missing where only the directory is known. */
  line?: number;
  /** What stands there: `HelmRelease opencode-flux, spec.values.persistence`. */
  what: string;
}

interface InFile extends ManifestNode {
  path: string;
}

/**
 * File and line of each place, in the order asked for and each line once. A field that is not there gives the nearest
 * one above it; an object that is not there gives the kustomization.yaml that should list it.
 */
export function findPlaces(tree: Tree, places: readonly ManifestPlace[]): FoundPlace[] {
  const nodes = nodesOf(tree);
  const found = places.flatMap((place) => {
    const meant = nodesFor(nodes, place);
    return meant.length > 0 ? fewOf(tree, meant, place) : whereItBelongs(tree, nodes, place);
  });
  const seen = new Map(found.map((place) => [`${place.path}:${place.line} ${place.what}`, place]));
  return [...seen.values()];
}

function nodesOf(tree: Tree): InFile[] {
  const paths = [...tree.files.keys()].filter((path) => /\.ya?ml$/.test(path)).sort();
  return paths.flatMap((path) => manifestNodes(tree.text(path)).map((node) => ({ ...node, path })));
}

/** By its name as it stands in the file; else by a name that Flux makes of variables, like `${APP}`. */
function nodesFor(nodes: readonly InFile[], { kind, name }: ManifestPlace): InFile[] {
  // A kustomization.yaml is of the same kind, and none of Flux's.
  const ofKind = nodes.filter((node) => node.kind === kind && !isKustomizationFile(node.path));
  if (name === undefined) return ofKind;
  const exact = ofKind.filter((node) => node.name === name);
  return exact.length > 0 ? exact : ofKind.filter((node) => becomes(node.name ?? "", name));
}

/** Each variable stands for a character at least. In one go: with many of them a pattern would try for ever. */
function becomes(template: string, name: string): boolean {
  const [first = "", ...others] = template.split(/\$\{(?:[^{}]|\$\{[^}]*\})*\}/);
  const last = others.pop();
  if (last === undefined || !name.startsWith(first)) return false;
  let end = first.length;
  for (const fixed of others) {
    const at = name.indexOf(fixed, end + 1);
    if (at < 0) return false;
    end = at + fixed.length;
  }
  return name.endsWith(last) && name.length - last.length > end;
}

/** Nobody looks through more of what has no name. */
const enough = 4;

function fewOf(tree: Tree, meant: readonly InFile[], place: ManifestPlace): FoundPlace[] {
  const found = meant.map((node) => inObject(tree, node, place));
  const [last, more] = [found[enough - 1], found.length - enough];
  if (!last || more <= 0) return found;
  return [...found.slice(0, enough - 1), { ...last, what: `${last.what}; and ${more} more of this kind` }];
}

function inObject(tree: Tree, node: InFile, { kind, field = [], words = [] }: ManifestPlace): FoundPlace {
  const { line, found } = node.lineOf(field);
  const isThere = found.length === field.length;
  return {
    path: node.path,
    line: isThere ? lineOfWords(tree.text(node.path), { line, field, words }) : line,
    what: `${describePlace({ kind, ...named(node), field })}${isThere ? "" : ", which is not there"}`,
  };
}

/** The line of the first of the words that stands below this line, comments apart; this one where none does. */
function lineOfWords(
  text: string,
  { line, field, words }: { line: number; field: readonly (string | number)[]; words: readonly string[] },
): number {
  const block = blockBelow(text.split("\n"), line, typeof field.at(-1) === "number" ? "item" : "key");
  const indexes = words.map((word) => block.findIndex((one) => !/^\s*#/.test(one) && one.includes(word)));
  const index = indexes.find((one) => one >= 0);
  return index === undefined ? line : line + 1 + index;
}

function named({ name }: ManifestNode): { name?: string } {
  return name === undefined ? {} : { name };
}

/** The kustomization.yaml of the application that the object's name begins with; else those of all applications. */
function whereItBelongs(tree: Tree, nodes: readonly InFile[], { kind, name }: ManifestPlace): FoundPlace[] {
  const what = `there is no ${kind}${name === undefined ? "" : ` ${name}`} in the tree; its file belongs into resources`;
  const lists = nodes.filter(({ path }) => /\/app\/kustomization\.ya?ml$/.test(path));
  const own = lists.filter(({ path }) => name?.startsWith(path.split("/").at(-3) ?? "?"));
  const chosen = own.length > 0 ? own : lists;
  if (chosen.length > 0) {
    return chosen.map((node) => ({ path: node.path, line: node.lineOf(["resources"]).line, what }));
  }
  const [first] = [...tree.files.keys()].sort();
  if (first === undefined) throw new HarnessError("the tree has no files", { code: "usage" });
  return [{ path: `${first.split("/").slice(0, 3).join("/")}/`, what }];
}
