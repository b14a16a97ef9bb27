import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeOwner, hasOwnerEnded, ownerOf } from "../base/index.ts";

/*
 * Who uses the private engine: a file for each process, so that none stops the engine under another that prepares images,
 * or has it and has not started anything yet. A process need not take its file away: it counts while the process lives.
 */

/** This process uses it from now on. */
export async function noteUse(dir: string): Promise<void> {
  const own = ownerOf(process.pid);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, createHash("sha256").update(own).digest("hex").slice(0, 12)), own);
}

/** The other processes that use it, in words; files of those that have ended go. */
export async function otherUsers(dir: string): Promise<string[]> {
  const users: string[] = [];
  for (const name of await readdir(dir).catch(() => [])) {
    const owner = await readFile(join(dir, name), "utf8").catch(() => "");
    if (owner === "" || hasOwnerEnded(owner)) await rm(join(dir, name), { force: true });
    else if (owner !== ownerOf(process.pid)) users.push(describeOwner(owner));
  }
  return users;
}
