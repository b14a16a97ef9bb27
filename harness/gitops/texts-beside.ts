import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { homeAround } from "./home-around.ts";
import { listFiles } from "./list-files.ts";
import { filesOf } from "./read-files.ts";
import { noText, takenOf } from "./taken-files.ts";
import { Tree } from "./tree.ts";

/** Longer ones are lists that programs have made. */
const longest = 512 * 1024;

/**
 * The texts of a directory that are in Git beside what a home may be made of (`README.md`, for instance): nothing is
 * rendered from them, and everybody who may read the repository reads them.
 */
export async function textsBeside(dir: string, tree: Tree): Promise<Tree> {
  const { root } = await homeAround(dir);
  const all = await listFiles(root);
  const taken = new Set(takenOf(all));
  const others = all.filter((path) => !taken.has(path) && !tree.files.has(path) && !noText.test(path));
  const short = await Promise.all(others.map((path) => isShort(join(root, path))));
  const { files } = await filesOf(
    root,
    others.filter((_, index) => short[index]),
  );
  return new Tree([...files].filter(([, { mode, content }]) => mode !== "120000" && !content.includes(0)));
}

/** A file that is listed may be gone. */
const isShort = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isFile() && found.size <= longest,
    () => false,
  );
