import { relative } from "node:path";
import type { ManifestPlace } from "../base/index.ts";
import { type FoundPlace, findPlaces, type Tree } from "../gitops/index.ts";

export interface PublishedTree {
  /** As it stands on disk. */
  read: Tree;
  /** Where a file of it is on disk. */
  fileOf(path: string): string;
  /** As it was published, with the mutant's edit. */
  published: Tree;
  /** Name of the mutant. */
  mutant?: string | undefined;
}

/**
 * Places in the published tree, as the user can open them from the current directory. In a file that a mutant has
 * edited the line is that of the edited text, and is told as such.
 */
export function whereIsIn(tree: PublishedTree, places: readonly ManifestPlace[]): string[] {
  return findPlaces(tree.published, places).map((place) => told(tree, place));
}

function told({ read, fileOf, published, mutant }: PublishedTree, { path, line, what }: FoundPlace): string {
  const file = relative(process.cwd(), fileOf(path)) || ".";
  const isEdited = !sameContent(read, published, path);
  const note = isEdited && mutant !== undefined ? `; as mutant ${mutant} edits it` : "";
  return `${file}${path.endsWith("/") ? "/" : ""}${line === undefined ? "" : `:${line}`} (${what}${note})`;
}

function sameContent(one: Tree, other: Tree, path: string): boolean {
  const [a, b] = [one, other].map((tree) => tree.files.get(path)?.content);
  return a === undefined || b === undefined ? a === b : a.equals(b);
}
