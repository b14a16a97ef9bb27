import { lstat, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HarnessError } from "../base/index.ts";
import { Tree, type TreeFile } from "./tree.ts";

const mebibyte = 2 ** 20;
/** The longest bundles of definitions have a few; of more the reading alone takes minutes, and all memory. */
const mostYaml = 16 * mebibyte;
/** More than any repository of manifests has, and no more than memory and the copies on disk take. */
const mostTogether = 512 * mebibyte;

/**
 * These files as they stand on disk.
 *
 * @throws HarnessError `usage` that names the file with which it becomes more than can be looked at
 */
export async function filesOf(root: string, paths: readonly string[]): Promise<Tree> {
  const files = new Map<string, TreeFile>();
  let together = 0;
  for (const path of [...paths].sort()) {
    const file = await readTreeFile(root, path, mostTogether - together);
    if (file) files.set(path, file);
    together += file?.content.length ?? 0;
  }
  return new Tree(files);
}

/** Undefined for a tracked file that is deleted, for a submodule, and for what lies behind a symbolic link. */
async function readTreeFile(root: string, relative: string, left: number): Promise<TreeFile | undefined> {
  const path = join(root, relative);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || (await isBehindLink(root, relative))) return undefined;
  if (found.isSymbolicLink()) return { mode: "120000", content: Buffer.from(await readlink(path)) };
  if (!found.isFile()) return undefined;
  const most = /\.ya?ml$/.test(relative) ? Math.min(mostYaml, left) : left;
  if (found.size > most) throw tooLarge(path, found.size);
  return { mode: found.mode & 0o100 ? "100755" : "100644", content: await readFile(path) };
}

/** To git such a file is not there; an index that still names it must not publish a file of this machine. */
async function isBehindLink(root: string, path: string): Promise<boolean> {
  return (await realpath(join(root, dirname(path)))) !== join(await realpath(root), dirname(path));
}

function tooLarge(path: string, size: number): HarnessError {
  const told = `${Math.ceil(size / mebibyte)} MiB`;
  return new HarnessError(`${path} (${told}) is more than what is looked at`, {
    code: "usage",
    remedy: `keep it out of the directories that Flux reads: a file of YAML may have ${mostYaml / mebibyte} MiB, all files together ${mostTogether / mebibyte} MiB`,
  });
}
