import { mkdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { cacheDir } from "../base/index.ts";

/*
 * When a prepared image or folder was last part of what a checkout needs: the time of an empty file for each, so that
 * checkouts that share the cache cannot overwrite each other's. Names are those of the receipts: `node-0123456789ab`.
 */

const fileOf = (name: string) => cacheDir("used", name);

/** They are used now. */
export async function touchUsed(names: Iterable<string>, now = new Date()): Promise<void> {
  await mkdir(cacheDir("used"), { recursive: true });
  await Promise.all(
    [...names].map(async (name) => {
      await writeFile(fileOf(name), "", { flag: "a" });
      await utimes(fileOf(name), now, now);
    }),
  );
}

/** Milliseconds since 1970; undefined for what nobody has used since there are records. */
export async function lastUsed(name: string): Promise<number | undefined> {
  return stat(fileOf(name)).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

export async function forgetUsed(name: string): Promise<void> {
  await rm(fileOf(name), { force: true });
}
