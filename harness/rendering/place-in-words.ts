import { posix } from "node:path";
import type { Tree } from "../gitops/index.ts";

/**
 * The file of the tree that kustomize's words are about: the last that they name, since they go from the outermost to the
 * cause. A name that does not exist stands for the kustomization file that lists it.
 */
export function placeInWords(
  words: string,
  tree: Tree,
  directory: string,
): { file: string; line?: number } | undefined {
  const line = /\bline (\d+)/.exec(words)?.[1];
  const named = [...words.matchAll(/[\w./@-]+\.ya?ml\b/g)].map(([path]) => path);
  const found = named.flatMap((path) => {
    const inTree = [path, posix.join(directory, path)].map((candidate) => posix.normalize(candidate));
    return inTree.filter((candidate) => tree.files.has(candidate));
  });
  const file = found.at(-1);
  if (file === undefined) return undefined;
  return line === undefined ? { file } : { file, line: Number(line) };
}
