import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes the group of this name, of which nothing lives any more, and what is below it: from the one tree of control groups v2, or from
 * each of v1.
 */
export async function removeControlGroups(group: string, root = "/sys/fs/cgroup"): Promise<void> {
  const trees = [root, ...(await foldersIn(root))];
  for (const tree of trees) await removeEmpty(join(tree, group));
}

/** Groups are folders whose files are the kernel's: only those without any group below can be removed. */
async function removeEmpty(directory: string): Promise<void> {
  for (const below of await foldersIn(directory)) await removeEmpty(below);
  await rmdir(directory).catch(() => {});
}

async function foldersIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
}
