import { lstat, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { HarnessError } from "../base/index.ts";
import { assertYaml } from "./assert-yaml.ts";
import { listFiles } from "./list-files.ts";
import { Tree, type TreeFile } from "./tree.ts";

/** The application under test, in the home cluster's layout. */
const app = "kubernetes/apps/opencode/";
/** The one script that belongs to it. */
const seedScript = "scripts/seed-copilot-auth.sh";
const notOurs = /^kubernetes\/(apps|flux|bootstrap|talos)\//;

/**
 * The files below `dir` that git would take in: tracked and untracked, with their uncommitted changes, .gitignore
 * honoured; also where `dir` is no git working tree. Of a whole home-cluster repository only `kubernetes/` is taken,
 * and of its apps only opencode: the other apps' directories are named in the tree's `omitted`.
 *
 * @throws HarnessError `usage` when the directory is missing or lacks the application, or a YAML file cannot be read.
 */
export async function readTree(dir: string): Promise<Tree> {
  const root = resolve(dir);
  const paths = (await listFiles(root)).filter(
    (path) => path.startsWith("kubernetes/") || path === seedScript,
  );
  const taken = paths.filter((path) => path.startsWith(app) || !notOurs.test(path));
  const files = new Map<string, TreeFile>();
  for (const path of taken.sort()) {
    const file = await readTreeFile(root, path);
    if (file) files.set(path, file);
  }
  if (![...files.keys()].some((path) => path.startsWith(app))) {
    throw new HarnessError(`${root} has no files in ${app}`, {
      code: "usage",
      remedy: "Give --manifests a directory laid out as the home cluster's repository.",
    });
  }
  for (const [path, { content }] of files) assertYaml(join(dir, path), path, content);
  return new Tree(files, omitted(paths));
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

function omitted(paths: string[]): string[] {
  const others = paths.filter((path) => notOurs.test(path) && !path.startsWith(app));
  const directories = others.map((path) =>
    path.split("/").slice(0, path.startsWith("kubernetes/apps/") ? 3 : 2),
  );
  return [...new Set(directories.map((parts) => parts.join("/")))];
}
