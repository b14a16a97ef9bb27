import { rm } from "node:fs/promises";
import { scratchDirectory } from "../base/index.ts";
import { git, isolated } from "./git.ts";
import type { Tree, TreeFile } from "./tree.ts";

/** Same tree, same commit: author, date and message never differ, so that the commit's id is the tree's digest. */
const author = "opencode-harness <opencode-harness@example.invalid> 946684800 +0000";
const message = "The working tree\n";

/** The tree as the only commit of a bare repository, which disposing removes. */
export interface CommittedTree extends AsyncDisposable {
  directory: string;
  branch: "main";
  /** Id of the commit: the digest of the tree. */
  commit: string;
}

export async function commitTree(tree: Tree): Promise<CommittedTree> {
  const directory = await scratchDirectory("tree");
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const at = { env: isolated(), cwd: directory };
    await git(["init", "--quiet", "--bare", "--initial-branch=main", "."], at);
    await git(["fast-import", "--quiet", "--done"], { ...at, input: stream(tree.files) });
    const commit = await git(["rev-parse", "refs/heads/main"], at);
    return { directory, branch: "main", commit, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The tree's digest without keeping anything. */
export async function digest(tree: Tree): Promise<string> {
  await using committed = await commitTree(tree);
  return committed.commit;
}

function stream(files: ReadonlyMap<string, TreeFile>): Buffer {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const head = [line("commit refs/heads/main"), line(`committer ${author}`), data(Buffer.from(message))];
  const changes = sorted.flatMap(([path, { mode, content }]) => [
    line(`M ${mode} inline ${quoted(path)}`),
    data(content),
  ]);
  return Buffer.concat([...head, ...changes, line("done")]);
}

function line(text: string): Buffer {
  return Buffer.from(`${text}\n`);
}

function data(content: Buffer): Buffer {
  return Buffer.concat([line(`data ${content.length}`), content, line("")]);
}

function quoted(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
