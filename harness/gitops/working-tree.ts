import { join } from "node:path";
import { assertYaml } from "./assert-yaml.ts";
import { homeAround, ofOneCluster } from "./home-around.ts";
import { listFiles } from "./list-files.ts";
import { noManifests } from "./no-manifests.ts";
import { filesOf } from "./read-files.ts";
import { ledTo, takenOf } from "./taken-files.ts";
import { Tree } from "./tree.ts";
import { isWholeHome } from "./whole-home.ts";

/**
 * The files below `dir` that git would take in: tracked and untracked, with their uncommitted changes, .gitignore
 * honoured; also where `dir` is no git working tree. Of a repository with `kubernetes/` that, the seed script and
 * what its Kustomizations name elsewhere are taken, of another one what Flux would take. A directory of one cluster stands for its repository, without the other clusters.
 * YAML of a tree that is to be laid into a home is read here, so that its mistakes are told with file, line and column; of
 * a whole home only what workspaces need is read, when it is rendered.
 *
 * @throws HarnessError `usage` when the directory is missing or has no manifests, a YAML file cannot be read, or it has
 * several clusters.
 */
export async function readTree(dir: string): Promise<Tree> {
  const { root, cluster } = await homeAround(dir);
  const tree = await takenTree(root);
  if (isWholeHome(tree)) return ofOneCluster(tree, dir, cluster);
  const yaml = [...tree.files.keys()].filter((path) => /^kubernetes\/.*\.ya?ml$/.test(path));
  if (yaml.length === 0) throw noManifests(dir, tree);
  const own = takenOf([...tree.files.keys()], "kubernetes/");
  for (const path of own) assertYaml(join(dir, path), path, tree.files.get(path)?.content ?? Buffer.of());
  return tree;
}

async function takenTree(root: string): Promise<Tree> {
  const all = await listFiles(root);
  let tree = await filesOf(root, takenOf(all));
  for (let more = ledTo(tree, all); more.length > 0; more = ledTo(tree, all)) {
    const read = await filesOf(root, more);
    // What is listed and cannot be read would be asked for again.
    if (read.files.size === 0) break;
    tree = new Tree([...tree.files, ...read.files]);
  }
  return tree;
}
