import { createHash } from "node:crypto";
import { posix } from "node:path";
import { kustomizationFileIn, stringsIn, type Tree } from "../gitops/index.ts";
import { asKustomizeReads } from "./confined.ts";
import { fieldsOf, type KustomizationFile } from "./kustomization-file.ts";

/** These may name files that no kustomization file names. */
const opaqueFields = new Set(
  "generators transformers validators configurations helmcharts openapi".split(" "),
);

/**
 * A digest of all that a build of this file could read: two builds of one digest have one result, whatever else is in their
 * trees. Undefined where that cannot be told.
 */
export function digestOfReads(tree: Tree, file: KustomizationFile): string | undefined {
  const hash = createHash("sha256").update(`${file.path}\n${file.text}\n`);
  const seen = new Set<string>([file.path]);
  const isKnown = read(tree, file.path, file.text, seen, (path) => {
    hash.update(`\0${path}\0`).update(tree.files.get(path)?.content ?? "");
  });
  return isKnown ? hash.digest("hex") : undefined;
}

/** A file that kustomize reads is named by a string of its kustomization file. */
function read(
  tree: Tree,
  path: string,
  text: string,
  seen: Set<string>,
  take: (path: string) => void,
): boolean {
  const fields = readable(text);
  if (fields === undefined) return false;
  if (Object.keys(fields).some((field) => opaqueFields.has(asKustomizeReads(field)))) return false;
  const named = stringsIn(fields).flatMap((one) => [one, one.slice(one.indexOf("=") + 1)]);
  return named.every((one) => {
    const target = posix.join(posix.dirname(path), one).replace(/\/$/, "");
    if (seen.has(target)) return true;
    seen.add(target);
    if (tree.files.has(target)) take(target);
    const list = kustomizationFileIn(tree, target);
    if (list === undefined || seen.has(list)) return true;
    seen.add(list);
    take(list);
    return read(tree, list, tree.text(list), seen, take);
  });
}

/** What cannot be read is kustomize's to tell. */
function readable(text: string): Record<string, unknown> | undefined {
  try {
    return fieldsOf(text);
  } catch {
    return undefined;
  }
}
