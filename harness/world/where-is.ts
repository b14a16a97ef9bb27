import { join, relative } from "node:path";
import { excerptOf, type ManifestPlace, type Whereabouts } from "../base/index.ts";
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
export function whereIsIn(tree: PublishedTree, places: readonly ManifestPlace[]): Whereabouts[] {
  return findPlaces(tree.published, places).map((place) => told(tree, place));
}

function told(tree: PublishedTree, { path, line, what }: FoundPlace): Whereabouts {
  const { read, fileOf, published, mutant } = tree;
  const file = fromHere(fileOf(path));
  const isEdited = !sameContent(read, published, path);
  const note = isEdited && mutant !== undefined ? `; as mutant ${mutant} edits it` : "";
  const open = `${file}${path.endsWith("/") ? "/" : ""}`;
  if (line === undefined) return { told: `${open} (${what}${note})` };
  return { told: `${open}:${line} (${what}${note})`, excerpt: excerptOf(published.text(path), open, line) };
}

/** Two levels up at most: a tree that is elsewhere altogether is named from the root. */
function fromHere(path: string): string {
  const way = relative(process.cwd(), path) || ".";
  return way.startsWith(join("..", "..", "..")) ? path : way;
}

function sameContent(one: Tree, other: Tree, path: string): boolean {
  const [a, b] = [one, other].map((tree) => tree.files.get(path)?.content);
  return a === undefined || b === undefined ? a === b : a.equals(b);
}
