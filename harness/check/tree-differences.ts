import { type TreeChange, treeChange } from "./changes/file-changes.ts";
import { valuesBehindSops } from "./changes/masked.ts";
import type { CheckResult } from "./check-tree.ts";
import { type Twin, twinsOf } from "./twins/twins.ts";

/** What a tree is, beside what should be the same. */
export interface TreeDifferences {
  /** Its workspaces, each beside the one that is most like it. */
  twins: Twin[];
  /** It, beside a commit of its repository; missing where nothing differs or there is none. */
  change?: TreeChange;
}

/**
 * Where a failure may come from, though nothing of it is wrong by itself.
 *
 * @param base what the tree is to be merged into, where somebody says so
 */
export async function treeDifferences(
  { home }: Pick<CheckResult, "home">,
  manifests: string,
  base?: string,
): Promise<TreeDifferences> {
  const values = valuesBehindSops(home);
  const names = home.workspaces.map(({ workload }) => workload.name);
  const [twins, change] = await Promise.all([twinsOf(home), treeChange({ manifests, base, names, values })]);
  return { twins, ...(change ? { change } : {}) };
}
