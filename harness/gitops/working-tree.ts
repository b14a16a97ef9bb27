import { lstat, mkdtemp, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { HarnessError } from "../base/index.ts";
import { assertYaml } from "./assert-yaml.ts";
import { asTheUser, git, isolated } from "./git.ts";
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
    const file = await readTreeFile(join(root, path));
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

async function listFiles(root: string): Promise<string[]> {
  const list = ["ls-files", "-z", "--others", "--exclude-standard"];
  if (await isInWorkTree(root)) {
    return paths(await git(["-C", root, ...anyOwner, ...list, "--cached"], { env: asTheUser() }));
  }
  const empty = await mkdtemp(join(tmpdir(), "harness-git-"));
  try {
    await git(["init", "--quiet", "--bare", empty], { env: isolated() });
    return paths(
      await git([`--git-dir=${empty}`, `--work-tree=${root}`, ...list], { env: isolated(), cwd: root }),
    );
  } finally {
    await rm(empty, { recursive: true });
  }
}

/** A mounted checkout often belongs to somebody else, which git refuses by default; we only list. */
const anyOwner = ["-c", "safe.directory=*"];

/** A directory that the repository around it ignores counts as outside. */
async function isInWorkTree(root: string): Promise<boolean> {
  const isDirectory = await lstat(root).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) throw new HarnessError(`there is no directory ${root}`, { code: "usage" });
  const says = (args: string[]) =>
    git(["-C", root, ...anyOwner, ...args], { env: asTheUser() }).then(
      (output) => output !== "false",
      () => false,
    );
  return (
    (await says(["rev-parse", "--is-inside-work-tree"])) && !(await says(["check-ignore", "--quiet", "."]))
  );
}

function paths(output: string): string[] {
  return [...new Set(output.split("\0").filter(Boolean))];
}

/** Undefined for a tracked file that is deleted, and for a submodule. */
async function readTreeFile(path: string): Promise<TreeFile | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) return { mode: "120000", content: Buffer.from(await readlink(path)) };
  if (!found?.isFile()) return undefined;
  return { mode: found.mode & 0o100 ? "100755" : "100644", content: await readFile(path) };
}

function omitted(paths: string[]): string[] {
  const others = paths.filter((path) => notOurs.test(path) && !path.startsWith(app));
  const directories = others.map((path) =>
    path.split("/").slice(0, path.startsWith("kubernetes/apps/") ? 3 : 2),
  );
  return [...new Set(directories.map((parts) => parts.join("/")))];
}
