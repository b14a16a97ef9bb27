import { cp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkoutDir } from "../base/index.ts";
import type { Edit } from "./without.ts";

/** Not part of what is run: history, results, and what npm has installed, which is linked to. */
const left = new Set([".git", "results", "node_modules"]);

/** A copy of this checkout in `directory`, with the edits made. */
export async function checkoutWithout(directory: string, edits: readonly Edit[]): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  const isWanted = (path: string) => !left.has(path.slice(checkoutDir.length + 1).split("/")[0] ?? "");
  await cp(checkoutDir, directory, { recursive: true, filter: isWanted, verbatimSymlinks: true });
  await symlink(join(checkoutDir, "node_modules"), join(directory, "node_modules"));
  for (const { file, from, to } of edits) {
    const path = join(directory, file);
    const content = await readFile(path, "utf8");
    if (!content.includes(from)) throw new RangeError(`${file} has not what is to be left out of it`);
    await writeFile(`${path}.new`, content.replace(from, to));
    await rename(`${path}.new`, path);
  }
}
