import { readTreeAt } from "../../gitops/index.ts";
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
): Promise<Comparison> {
  const { tree, commit, isMergeBase } = await readTreeAt(options.manifests, ref);
  const before = await renderHome(options, undefined, { tree, sops: after.sops });
  const changes = await changesBetween(before, after);
  return { base: { ref, commit, isMergeBase }, changes, ...touchesOf(changes, before, after) };
}
