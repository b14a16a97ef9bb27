import { readdir, rm } from "node:fs/promises";
import { cacheDir } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";
import { freeBytes } from "./command-log.ts";
import { forgetUsed, lastUsed, touchUsed } from "./last-used.ts";

/** How long something stays that no preparation has asked for: another checkout, of another version, may share the cache. */
const keptDays = 14;
const keptMs = keptDays * 86_400_000;

/** Volumes have a receipt among the folders; each is replaced when the next one is made. */
const ofVolumes = /^(mirror|store)-/;

/** An image of ours, or a folder in the cache. */
interface Prepared {
  name: string;
  /** False where something uses it. */
  remove: () => Promise<boolean>;
}

/**
 * Removes the images and folders that nobody has needed for 14 days; `current` are the names of those that are needed
 * now. What a container uses, of a kept cluster too, stays. What has no record yet, from an earlier version, gets one.
 * Returns what was freed in a sentence, if anything was. To be called under the lock of the preparation.
 */
export async function pruneUnused(
  engine: Engine,
  current: ReadonlySet<string>,
  now = Date.now(),
): Promise<string | undefined> {
  const before = await freeBytes();
  const [images, folders] = await Promise.all([preparedImages(engine), preparedFolders()]);
  const counts = [await removeOld(images, current, now), await removeOld(folders, current, now)];
  if (counts.every((count) => count === 0)) return undefined;
  const gigabytes = Math.max(0, (await freeBytes()) - before) / 1e9;
  const [ofImages = 0, ofFolders = 0] = counts;
  return `freed ${gigabytes.toFixed(1)} GB: ${counted(ofImages, "image")} and ${counted(ofFolders, "folder")} that nothing has needed for ${keptDays} days`;
}

async function removeOld(found: Prepared[], current: ReadonlySet<string>, now: number): Promise<number> {
  let count = 0;
  for (const { name, remove } of found.filter(({ name }) => !current.has(name))) {
    const at = await lastUsed(name);
    if (at === undefined) await touchUsed([name], new Date(now));
    else if (now - at > keptMs && (await remove())) {
      await forgetUsed(name);
      count += 1;
    }
  }
  return count;
}

async function preparedImages(engine: Engine): Promise<Prepared[]> {
  const format = ["--format", "{{.Repository}}:{{.Tag}}"];
  const { stdout } = await engine.docker([
    "image",
    "ls",
    "--filter",
    "reference=opencode-harness/*",
    ...format,
  ]);
  const images = stdout.split("\n").filter((line) => line.startsWith("opencode-harness/"));
  return images.map((image) => ({
    name: image.slice(image.indexOf("/") + 1).replace(":", "-"),
    // Without force: the engine refuses what a container uses, also one that has ended.
    remove: async () => (await engine.docker(["image", "rm", image], { reject: false })).exitCode === 0,
  }));
}

async function preparedFolders(): Promise<Prepared[]> {
  const names = await readdir(cacheDir("built")).catch(() => []);
  return names
    .filter((name) => !ofVolumes.test(name))
    .map((name) => ({
      name,
      remove: async () => {
        await rm(cacheDir("built", name), { recursive: true, force: true });
        return true;
      },
    }));
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
