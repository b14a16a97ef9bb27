import { cp, rm } from "node:fs/promises";
import { checkoutDir } from "../base/index.ts";

/** Not part of what is run: history, results, and what npm has installed. */
const left = new Set([".git", "results", "node_modules"]);

/** A copy of this checkout in `directory`, which is made anew: as it is, without results and without what npm has installed. */
export async function copyCheckout(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  const isWanted = (path: string) => !left.has(path.slice(checkoutDir.length + 1).split("/")[0] ?? "");
  await cp(checkoutDir, directory, { recursive: true, filter: isWanted, verbatimSymlinks: true });
}
