import { readTreeAt, Tree, type TreeFile } from "../../gitops/index.ts";
import { type HomeOptions, type RenderedHome, renderHome } from "../../home/index.ts";
import { changesBetween, type ObjectChange } from "./changes.ts";
import { type Touches, touchesOf } from "./concerns.ts";

/** What differs in what is applied, between a commit and the tree as it is. */
export interface Comparison extends Touches {
  base: { ref: string; commit: string; isMergeBase: boolean };
  changes: ObjectChange[];
}

/**
 * Renders the tree as a commit has it, in the same home, and compares; the world outside is the same for both.
 *
 * @throws HarnessError `usage` where the ref cannot be read
 */
export async function compareWith(
  ref: string,
  after: RenderedHome,
  options: HomeOptions,
): Promise<{ comparison: Comparison; before: RenderedHome }> {
  const { tree, commit, isMergeBase } = await readTreeAt(options.manifests, ref);
  const before = await renderHome({ ...options, sops: after.sops }, undefined, sharing(tree, after.tree));
  const changes = await changesBetween(before, after);
  const base = { ref, commit, isMergeBase };
  return { comparison: { base, changes, ...touchesOf(changes, before, after) }, before };
}

/** The same tree; a file that both have is the same one in memory, so that it is read once. */
function sharing(tree: Tree, other: Tree): Tree {
  const files = [...tree.files].map(([path, file]): [string, TreeFile] => {
    const own = other.files.get(path);
    return [path, own?.mode === file.mode && own.content.equals(file.content) ? own : file];
  });
  return new Tree(files);
}
