import { lstat, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Tree, type TreeFile } from "./tree.ts";

/** These files as they stand on disk. */
export async function filesOf(root: string, paths: readonly string[]): Promise<Tree> {
  const files = new Map<string, TreeFile>();
  for (const path of [...paths].sort()) {
    const file = await readTreeFile(root, path);
    if (file) files.set(path, file);
  }
  return new Tree(files);
}
/** Undefined for a tracked file that is deleted, for a submodule, and for what lies behind a symbolic link. */
async function readTreeFile(root: string, relative: string): Promise<TreeFile | undefined> {
  const path = join(root, relative);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || (await isBehindLink(root, relative))) return undefined;
  if (found.isSymbolicLink()) return { mode: "120000", content: Buffer.from(await readlink(path)) };
  if (!found.isFile()) return undefined;
  return { mode: found.mode & 0o100 ? "100755" : "100644", content: await readFile(path) };
}

/** To git such a file is not there; an index that still names it must not publish a file of this machine. */
async function isBehindLink(root: string, path: string): Promise<boolean> {
  return (await realpath(join(root, dirname(path)))) !== join(await realpath(root), dirname(path));
}
