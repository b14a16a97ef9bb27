import { lstat, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { HarnessError } from "../base/index.ts";
import { assertYaml } from "./assert-yaml.ts";
import { listFiles } from "./list-files.ts";
import { Tree, type TreeFile } from "./tree.ts";
import { isWholeHome } from "./whole-home.ts";

/** What a home repository has for its cluster, and the one script that belongs to the application. */
export const isTaken = (path: string) =>
  path.startsWith("kubernetes/") || path === "scripts/seed-copilot-auth.sh";

/**
 * The files below `dir` that git would take in: tracked and untracked, with their uncommitted changes, .gitignore
 * honoured; also where `dir` is no git working tree. Of a repository only `kubernetes/` and the seed script are taken.
 * YAML of a tree that is to be laid into a home is read here, so that its mistakes are told with file, line and column; of
 * a whole home only what workspaces need is read, when it is rendered.
 *
 * @throws HarnessError `usage` when the directory is missing or has no manifests, or a YAML file cannot be read.
 */
export async function readTree(dir: string): Promise<Tree> {
  const root = resolve(dir);
  const taken = (await listFiles(root)).filter(isTaken);
  const files = new Map<string, TreeFile>();
  for (const path of taken.sort()) {
    const file = await readTreeFile(root, path);
    if (file) files.set(path, file);
  }
  const yaml = [...files.keys()].filter((path) => /^kubernetes\/.*\.ya?ml$/.test(path));
  if (yaml.length === 0) {
    throw new HarnessError(`${root} has no manifests in kubernetes/`, {
      code: "usage",
      remedy: "Give --manifests a directory laid out as the home cluster's repository.",
    });
  }
  if (!isWholeHome(yaml)) for (const [path, { content }] of files) assertYaml(join(dir, path), path, content);
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
