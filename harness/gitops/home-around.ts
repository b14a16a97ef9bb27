import { lstat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { HarnessError } from "../base/index.ts";
import { fluxKustomizations, fluxStarts } from "./flux-starts.ts";
import { checkoutAround, listFiles } from "./list-files.ts";
import { directoryOf } from "./outer-start.ts";
import { filesOf } from "./read-files.ts";
import { Tree } from "./tree.ts";

export interface HomeAround {
  /** The repository's root: what paths of Kustomizations start from. */
  root: string;
  /** The directory of one of its clusters, if it was that which was given. */
  cluster?: string;
}

/**
 * The repository that a directory stands for. It is the directory itself, unless its Kustomizations name paths that are
 * there from a directory above, as those in `clusters/<name>` do.
 *
 * @throws HarnessError `usage` when there is no such directory
 */
export async function homeAround(dir: string): Promise<HomeAround> {
  const given = resolve(dir);
  if (await isDirectory(join(given, "kubernetes"))) return { root: given };
  const yaml = (await listFiles(given)).filter((path) => /\.ya?ml$/.test(path));
  const paths = fluxKustomizations(await filesOf(given, yaml))
    .map(({ object }) => directoryOf(object))
    .filter((path) => path !== "");
  const top = (await checkoutAround(given))?.top ?? dirname(dirname(given));
  for (let root = given; paths.length > 0; root = dirname(root)) {
    const found = await Promise.all(paths.map((path) => isDirectory(join(root, path))));
    if (found.includes(true)) return root === given ? { root } : { root, cluster: pathFrom(root, given) };
    if (root === top || root === dirname(root)) break;
  }
  return { root: given };
}

/**
 * Of a repository with several clusters the files of one, and what they share.
 *
 * @throws HarnessError `usage` where it has several and none is named
 */
export function ofOneCluster(tree: Tree, dir: string, cluster?: string): Tree {
  const starts = fluxStarts(tree);
  const all = [...new Set(starts.map(({ directory }) => directory))];
  const isBelow = (path: string, directory: string) =>
    directory === "" || `${path}/`.startsWith(`${directory}/`);
  const clusters = all.filter((one) => !all.some((other) => other !== one && isBelow(one, other)));
  if (clusters.length < 2) return tree;
  const others = clusters.filter(
    (one) => cluster === undefined || !(isBelow(one, cluster) || isBelow(cluster, one)),
  );
  if (cluster === undefined || others.length === clusters.length) throw several(dir, clusters, cluster);
  const isOthers = (path: string) => others.some((other) => isBelow(path, other));
  const own = starts.filter(({ directory }) => !isOthers(directory)).map(({ file }) => file);
  // What starts another cluster would start it here too, in a file that stands elsewhere.
  const starting = new Set(starts.map(({ file }) => file).filter((file) => !own.includes(file)));
  return new Tree([...tree.files].filter(([path]) => !isOthers(path) && !starting.has(path)));
}

function several(dir: string, clusters: readonly string[], cluster = ""): HarnessError {
  const base = cluster === "" ? dir : dir.slice(0, -cluster.length);
  return new HarnessError(`${dir} has ${clusters.length} clusters, and one is judged at a time`, {
    code: "usage",
    remedy: `Give --manifests the directory of one of them: ${clusters.map((one) => join(base, one)).join(", ")}`,
  });
}

const pathFrom = (root: string, path: string) => relative(root, path).split(sep).join("/");

const isDirectory = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
