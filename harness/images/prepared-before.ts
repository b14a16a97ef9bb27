import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { cacheDir } from "../base/index.ts";

/*
 * What has been prepared: an empty file for each list of keys, its time that of the last use. Checkouts of different
 * versions that share the cache have one each, so that none makes another look unprepared.
 */

const fileOf = (keys: ReadonlyMap<string, string>) =>
  cacheDir(
    "prepared",
    createHash("sha256")
      .update([...keys.values()].join())
      .digest("hex"),
  );

/** All that these keys stand for is prepared now. */
export async function rememberPrepared(keys: ReadonlyMap<string, string>, now = new Date()): Promise<void> {
  await mkdir(cacheDir("prepared"), { recursive: true });
  await writeFile(fileOf(keys), "");
  await utimes(fileOf(keys), now, now);
}

/** Milliseconds since 1970 of the last time; undefined if it never was. */
export async function preparedAt(keys: ReadonlyMap<string, string>): Promise<number | undefined> {
  return (await stat(fileOf(keys)).catch(() => undefined))?.mtimeMs;
}

/** What has not been used since `at` is forgotten. */
export async function forgetPrepared(at: number): Promise<void> {
  for (const name of await readdir(cacheDir("prepared")).catch(() => [])) {
    const file = cacheDir("prepared", name);
    if ((await stat(file)).mtimeMs < at) await rm(file, { force: true });
  }
}
