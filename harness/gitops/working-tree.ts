import { lstat, mkdtemp, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { HarnessError } from "../base/index.ts";
import { assertYaml } from "./assert-yaml.ts";
import { asTheUser, git, isolated } from "./git.ts";
import { Tree, type TreeFile } from "./tree.ts";

/** What a home repository has for its cluster, and the one script that belongs to the application. */
const isTaken = (path: string) => path.startsWith("kubernetes/") || path === "scripts/seed-copilot-auth.sh";

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
    const file = await readTreeFile(join(root, path));
    if (file) files.set(path, file);
  }
  const yaml = [...files.keys()].filter((path) => /^kubernetes\/.*\.ya?ml$/.test(path));
  if (yaml.length === 0) {
    throw new HarnessError(`${root} has no manifests in kubernetes/`, {
      code: "usage",
      remedy: "Give --manifests a directory laid out as the home cluster's repository.",
    });
  }
  const isWhole = yaml.some((path) => path.startsWith("kubernetes/flux/"));
  if (!isWhole) for (const [path, { content }] of files) assertYaml(join(dir, path), path, content);
  return new Tree(files);
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
