import { existsSync } from "node:fs";
import { copyFile, lstat, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { HarnessError, messageOf, scratchDirectory } from "../base/index.ts";
import { asTheUser, git, isolated } from "./git.ts";

/** It takes git seconds. A line of a .gitignore can have it try for years, and nothing else ends it then. */
const patienceMs = 120_000;

/**
 * Paths below `root` that git would take in: tracked and untracked ones, .gitignore and info/exclude honoured; also
 * where `root` is no git working tree.
 *
 * A checkout may be anybody's, and its configuration may name programs: `core.fsmonitor`, filters, hooks, a remote that
 * git fetches missing objects from. So git looks at it from a repository of our own, which takes from it the index and
 * the patterns of what to leave out, and nothing else.
 *
 * @throws HarnessError `usage` when there is no such directory, its index cannot be read, or git does not end.
 */
export async function listFiles(root: string, longestMs = patienceMs): Promise<string[]> {
  const isDirectory = await lstat(root).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) throw new HarnessError(`there is no directory ${root}`, { code: "usage" });
  const plain: Checkout = { top: root };
  const around = (await checkoutAround(root)) ?? plain;
  return (await list(around, root, longestMs)) ?? (await list(plain, root, longestMs)) ?? [];
}

/** A working tree, and where its repository has the index and its patterns. */
export interface Checkout {
  top: string;
  gitDir?: string;
}

/** The nearest one, found as git finds it but without git: that would read the configuration. */
export async function checkoutAround(root: string): Promise<Checkout | undefined> {
  for (let top = root; ; top = dirname(top)) {
    const gitDir = await gitDirOf(top);
    if (gitDir !== undefined) return { top, gitDir };
    if (dirname(top) === top) return undefined;
  }
}

/** The root of the repository that a directory is in; undefined where there is none around it. */
export async function repositoryRoot(dir: string): Promise<string | undefined> {
  return (await checkoutAround(resolve(dir)))?.top;
}

async function gitDirOf(top: string): Promise<string | undefined> {
  const path = join(top, ".git");
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return existsSync(join(path, "HEAD")) ? path : undefined;
  if (!found?.isFile()) return undefined;
  // A worktree or a submodule: the file names the directory.
  const [, named] = /^gitdir: (.+)$/m.exec(await readFile(path, "utf8")) ?? [];
  return named === undefined ? undefined : resolve(top, named);
}

/** How the index may have to be read; none of it stands in the index itself. */
const readings = [
  { init: [], list: [] },
  // A sparse index names directories that are not checked out; their content is in objects, which we do not have.
  { init: [], list: ["--sparse"] },
  { init: ["--object-format=sha256"], list: [] },
] as const;

/** Undefined for a directory that the repository around it ignores: it counts as outside. */
async function list(checkout: Checkout, root: string, timeout: number): Promise<string[] | undefined> {
  const troubles: string[] = [];
  for (const reading of readings) {
    await using own = await ownRepository(checkout, reading.init, timeout);
    try {
      if (root !== checkout.top && (await isIgnored(own, root))) return undefined;
      const output = await own.git(
        ["ls-files", "-z", "--others", "--cached", "--exclude-standard", ...reading.list],
        root,
      );
      return paths(output);
    } catch (error) {
      if (error instanceof HarnessError) throw error;
      troubles.push(messageOf(error));
    }
  }
  throw new HarnessError(`git cannot list the files of ${root}`, {
    code: "usage",
    details: troubles[0] ?? "",
  });
}

interface OwnRepository extends AsyncDisposable {
  git(args: string[], cwd: string): Promise<string>;
}

/** The person's own configuration counts, but for what names a program or believes a cache in the index. */
const without = ["core.fsmonitor=false", "core.untrackedCache=false"].flatMap((setting) => ["-c", setting]);

async function ownRepository(
  { top, gitDir }: Checkout,
  init: readonly string[],
  timeout: number,
): Promise<OwnRepository> {
  const directory = await scratchDirectory("git");
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await git(["init", "--quiet", "--bare", ...init, directory], { env: isolated() });
    if (gitDir !== undefined) await takePatterns(gitDir, directory);
    const index = gitDir === undefined ? {} : { GIT_INDEX_FILE: join(gitDir, "index") };
    const at = [`--git-dir=${directory}`, `--work-tree=${top}`, ...without];
    return {
      git: (args, cwd) =>
        git([...at, ...args], {
          cwd,
          env: { ...asTheUser(), ...index },
          timeout,
        }),
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** `info/exclude`, which worktrees share, and the parts of an index that is split. */
async function takePatterns(gitDir: string, directory: string): Promise<void> {
  const common = await readFile(join(gitDir, "commondir"), "utf8").catch(() => ".");
  const patterns = join(resolve(gitDir, common.trim()), "info/exclude");
  if (await isFile(patterns)) await copyFile(patterns, join(directory, "info/exclude"));
  const parts = (await readdir(gitDir).catch(() => [])).filter((name) =>
    /^sharedindex\.[0-9a-f]+$/.test(name),
  );
  for (const part of parts) {
    if (await isFile(join(gitDir, part))) await copyFile(join(gitDir, part), join(directory, part));
  }
}

const isFile = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );

const isIgnored = ({ git }: OwnRepository, root: string): Promise<boolean> =>
  git(["check-ignore", "--quiet", "."], root).then(
    () => true,
    (error: unknown) => {
      if (error instanceof HarnessError) throw error;
      return false;
    },
  );

/** Without directories: of a sparse index, and of repositories inside of this one. */
function paths(output: string): string[] {
  return [...new Set(output.split("\0").filter((path) => path !== "" && !path.endsWith("/")))];
}
