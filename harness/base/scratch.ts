import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasOwnerEnded, ownerOf } from "./owner.ts";
import { cacheDir } from "./paths.ts";

/*
 * Files that are needed for a moment: in the cache, where a killed command's are found by the next one. Each process has
 * a folder that is called as it is as an owner.
 */

const root = () => cacheDir("tmp");
const folderOf = (owner: string) => join(root(), encodeURIComponent(owner));

/** A new folder for this process, empty; its name begins with `what`. Whoever asks for it removes it. */
export async function scratchDirectory(what: string): Promise<string> {
  const own = folderOf(ownerOf(process.pid));
  await mkdir(own, { recursive: true, mode: 0o700 });
  return mkdtemp(join(own, `${what}-`));
}

/** What is there under another name is nobody's of ours, and is left alone. */
function ownerFrom(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return "";
  }
}

/** Removes those of processes that have ended. */
export async function removeLeftScratch(): Promise<void> {
  for (const name of await readdir(root()).catch(() => [])) {
    if (hasOwnerEnded(ownerFrom(name))) await rm(join(root(), name), { recursive: true, force: true });
  }
}
