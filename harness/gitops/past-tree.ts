import { copyFile, lstat, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { execa } from "execa";
import { HarnessError, messageOf, scratchDirectory } from "../base/index.ts";
import { git, isolated } from "./git.ts";
import { homeAround, ofOneCluster } from "./home-around.ts";
import { checkoutAround } from "./list-files.ts";
import { ledTo, takenOf } from "./taken-files.ts";
import { Tree, type TreeFile } from "./tree.ts";

/** A directory as a commit of its repository has it. */
export interface PastTree {
  tree: Tree;
  /** Its id in full. */
  commit: string;
  /** Whether it is what HEAD and the ref have in common, and not the ref's own commit. */
  isMergeBase: boolean;
}

/**
 * The directory as it was where the ref and HEAD part: what has come to the ref since is nobody's change here. Where they
 * have nothing in common, as the ref has it.
 *
 * A checkout may be anybody's, and its configuration may name programs. So git looks at it from a repository of our own,
 * which takes from it the refs and reads its objects, and nothing else: no configuration, no hooks, no replacements, no remote
 * to fetch what is missing from.
 *
 * @throws HarnessError `usage` where there is no repository, no such commit, or where objects are missing
 */
export async function readTreeAt(dir: string, ref: string): Promise<PastTree> {
  const { root, cluster } = await homeAround(dir);
  const checkout = await checkoutAround(root);
  if (!checkout?.gitDir) throw new HarnessError(`${dir} is in no git repository`, { code: "usage" });
  const troubles: string[] = [];
  for (const format of ["sha1", "sha256"]) {
    await using own = await repositoryBeside(checkout.gitDir, format);
    try {
      const past = await readFrom(own, relative(checkout.top, root).split(sep).join("/"), ref);
      return { ...past, tree: ofOneCluster(past.tree, dir, cluster) };
    } catch (error) {
      if (error instanceof HarnessError) throw error;
      troubles.push(messageOf(error));
    }
  }
  throw new HarnessError(`${ref} names no commit that is in the repository of ${dir}`, {
    code: "usage",
    remedy: "name a branch, tag or commit that is there; in GitHub's workflow check out with fetch-depth: 0",
    details: troubles[0] ?? "",
  });
}

interface RepositoryBeside extends AsyncDisposable {
  git(args: string[]): Promise<string>;
  blobs(ids: string[]): Promise<Buffer[]>;
}

async function repositoryBeside(gitDir: string, format: string): Promise<RepositoryBeside> {
  const directory = await scratchDirectory("git");
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await git(["init", "--quiet", "--bare", `--object-format=${format}`, directory], { env: isolated() });
    const named = await readFile(join(gitDir, "commondir"), "utf8").catch(() => ".");
    const common = resolve(gitDir, named.trim());
    await rm(join(directory, "refs"), { recursive: true });
    await copyFiles(common, directory, "refs");
    await copyFiles(common, directory, "packed-refs");
    await copyFiles(common, directory, "shallow");
    await copyFiles(gitDir, directory, "HEAD");
    const env = {
      ...isolated(),
      GIT_OBJECT_DIRECTORY: join(common, "objects"),
      GIT_NO_REPLACE_OBJECTS: "1",
      GIT_LITERAL_PATHSPECS: "1",
    };
    const at = `--git-dir=${directory}`;
    return {
      git: (args) => git([at, ...args], { env }),
      blobs: async (ids) => {
        const { stdout } = await execa("git", [at, "cat-file", "--batch"], {
          env,
          extendEnv: false,
          input: ids.map((id) => `${id}\n`).join(""),
          encoding: "buffer",
        });
        return contentsIn(Buffer.from(stdout));
      },
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A file or a folder of files; a symbolic link is not followed, whatever it is called. */
async function copyFiles(from: string, to: string, path: string): Promise<void> {
  const found = await lstat(join(from, path)).catch(() => undefined);
  if (found?.isFile()) await copyFile(join(from, path), join(to, path));
  if (!found?.isDirectory()) return;
  await mkdir(join(to, path), { recursive: true });
  for (const name of await readdir(join(from, path))) await copyFiles(from, to, join(path, name));
}

/** `<id> blob <size>`, a line end, the content, a line end; one after the other. */
function contentsIn(output: Buffer): Buffer[] {
  const contents: Buffer[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [, , size] = output.toString("utf8", at, end).split(" ");
    if (size === undefined) throw new Error(output.toString("utf8", at, end));
    contents.push(output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 2 + Number(size);
  }
  return contents;
}

async function readFrom(own: RepositoryBeside, prefix: string, ref: string): Promise<PastTree> {
  const named = await commitOf(own, ref);
  const shared = await own.git(["merge-base", "HEAD", named]).then(
    (out) => out.split("\n")[0],
    () => undefined,
  );
  const commit = shared || named;
  const listed = await own.git([
    "ls-tree",
    "-r",
    "-z",
    "--full-tree",
    commit,
    ...(prefix ? ["--", prefix] : []),
  ]);
  const all = listed.split("\0").flatMap((line) => entryOf(line, prefix));
  refuseUnfit(all, commit);
  const paths = all.map(({ path }) => path);
  let tree = new Tree([]);
  for (let more = takenOf(paths); more.length > 0; more = ledTo(tree, paths))
    tree = new Tree([...tree.files, ...(await filesOf(own, all, new Set(more)))]);
  return { tree, commit, isMergeBase: commit !== named };
}

async function filesOf(
  own: RepositoryBeside,
  all: readonly Entry[],
  paths: ReadonlySet<string>,
): Promise<[string, TreeFile][]> {
  const entries = all.filter(({ path }) => paths.has(path));
  const contents = await own.blobs(entries.map(({ id }) => id));
  return entries.map(({ path, mode }, index) => [path, { mode, content: contents[index] ?? Buffer.of() }]);
}

const commitOf = (own: RepositoryBeside, ref: string): Promise<string> =>
  own.git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);

interface Entry {
  mode: TreeFile["mode"];
  id: string;
  path: string;
}

/** A line of `ls-tree`; none for a submodule. */
function entryOf(line: string, prefix: string): Entry[] {
  const [, mode, id = "", whole = ""] = /^(\d+) blob (\w+)\t([\s\S]*)$/.exec(line) ?? [];
  const path = prefix === "" ? whole : whole.slice(prefix.length + 1);
  if (!isMode(mode)) return [];
  return [{ mode, id, path }];
}

/** What no git would check out: it leads out of the tree, or through a link. An object may say anything. */
function refuseUnfit(entries: readonly Entry[], commit: string): void {
  const links = entries.filter(({ mode }) => mode === "120000").map(({ path }) => `${path}/`);
  const unfit = entries.find(
    ({ path }) =>
      path.split("/").some((part) => /^(?:\.{0,2}|\.git)$/i.test(part)) ||
      links.some((link) => path.startsWith(link)),
  );
  if (!unfit) return;
  throw new HarnessError(`${commit} has a file ${JSON.stringify(unfit.path)}, which is in no tree`, {
    code: "usage",
    remedy: "ask whoever has made the commit: git itself makes none like it",
  });
}

const isMode = (mode: string | undefined): mode is TreeFile["mode"] =>
  mode === "100644" || mode === "100755" || mode === "120000";
