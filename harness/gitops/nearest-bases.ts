import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { homeAround } from "./home-around.ts";
import { checkoutAround } from "./list-files.ts";

/**
 * What a tree's checkout may be compared with where nobody says: what its remote calls its head, the branch of that remote
 * with the name of the one that is checked out, and what was committed last. None where the tree is in no repository.
 */
export async function nearestBases(dir: string): Promise<string[]> {
  const { root } = await homeAround(dir);
  const checkout = await checkoutAround(root);
  if (!checkout?.gitDir) return [];
  const head = await readFile(join(checkout.gitDir, "HEAD"), "utf8");
  const [, branch] = /^ref: refs\/heads\/(.+)$/m.exec(head) ?? [];
  return ["origin/HEAD", ...(branch === undefined ? [] : [`origin/${branch}`]), "HEAD"];
}
