import type { Tree } from "../gitops/index.ts";

/** The first line of a file of the tree that has this text; nothing where there is none. */
export function lineOf(tree: Tree, path: string, wanted: string | RegExp): { line?: number } {
  if (!tree.files.has(path)) return {};
  const lines = tree.text(path).split("\n");
  const index = lines.findIndex((line) =>
    typeof wanted === "string" ? line.includes(wanted) : wanted.test(line),
  );
  return index === -1 ? {} : { line: index + 1 };
}
