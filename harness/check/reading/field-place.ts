import { posix } from "node:path";
import { manifestNodes, type Tree } from "../../gitops/index.ts";
import type { OwnedObject } from "../../home/index.ts";
import { type Inspected, placeOfValue } from "./inspected.ts";
import { key, type Place, placeIn } from "./place.ts";

type Path = readonly (string | number)[];

/**
 * Where a field of a rendered object is written: in the object's own file, else in a patch or component of its Kustomization
 * that has the field, else the nearest place above it. What a chart makes stands in its release under another path.
 */
export function placeOfField({ home }: Inspected, one: OwnedObject, path: Path): Place {
  const { tree } = home;
  const { object, file, owner, by } = one;
  const named = [...path].reverse().find((step) => typeof step === "string");
  const needle = key(named ?? object.kind);
  if (file !== undefined && by.release) return placeIn(tree, file, [/^kind: HelmRelease\b/, needle]);
  const own = file === undefined ? undefined : nearest(tree, file, one, path);
  if (own?.isWhole) return placeOfValue(home, owner, own.place);
  const elsewhere = filesOf(tree, owner.path, file).find((other) => hasKey(tree, other, needle));
  if (elsewhere !== undefined) return placeIn(tree, elsewhere, [needle]);
  return own?.place ?? { file: posix.join(owner.path, "kustomization.yaml"), line: 1 };
}

function nearest(tree: Tree, file: string, { object }: OwnedObject, path: Path) {
  if (!tree.files.has(file)) return undefined;
  const ofKind = manifestNodes(tree.text(file)).filter(({ kind }) => kind === object.kind);
  const node = ofKind.find(({ name }) => name === object.metadata.name) ?? ofKind[0];
  if (!node) return undefined;
  const { line, found } = node.lineOf(path);
  return { place: { file, line }, isWhole: found.length === path.length };
}

/** The kustomization's own files first: patches stand there. */
function filesOf(tree: Tree, directory: string, but: string | undefined): string[] {
  const below = [...tree.files.keys()].filter(
    (path) => path.startsWith(`${directory}/`) && /\.ya?ml$/.test(path) && path !== but,
  );
  return below.sort((left, right) => Number(isList(right)) - Number(isList(left)));
}

const isList = (path: string) => /\/kustomization\.ya?ml$/.test(path);

const hasKey = (tree: Tree, path: string, needle: RegExp) =>
  tree
    .text(path)
    .split("\n")
    .some((line) => needle.test(line));
