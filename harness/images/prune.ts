import { readdir, rm } from "node:fs/promises";
import { cacheDir } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";
import { freeBytes } from "./command-log.ts";
import { forgetUsed, lastUsed, touchUsed } from "./last-used.ts";
import { forgetPrepared } from "./prepared-before.ts";
import { volumeOf } from "./prepared-volume.ts";

/** How long something stays that no preparation has asked for: another checkout, of another version, may share the cache. */
const keptDays = 14;
const keptMs = keptDays * 86_400_000;

/** Of one kind of volume as many as this stay, those used last: each edit of a stand-in makes new ones, of 1 to 2 GB. */
const keptVolumes = 8;
/** However many there are: between being looked for and being mounted a volume is nobody's. */
const youngMs = 3_600_000;

/** Volumes have a receipt among the folders. */
const ofVolumes = /^(mirror|store)-/;

/** An image or a volume of ours, or a folder in the cache. */
interface Prepared {
  name: string;
  /** False where something uses it. */
  remove: () => Promise<boolean>;
}

/**
 * Removes the images, folders and volumes that nobody has needed for 14 days, and volumes of which there are too many;
 * `current` are the names of those that are needed now. What a container uses, of a kept cluster too, stays; so do images
 * that this cache has no record of, which another one uses on the same engine. A folder without one gets it.
 * Returns what was freed in a sentence, if anything was. To be called under the lock of the preparation.
 */
export async function pruneUnused(
  engine: Engine,
  current: ReadonlySet<string>,
  now = Date.now(),
): Promise<string | undefined> {
  const before = await freeBytes();
  const [images, folders, volumes] = [
    await preparedImages(engine),
    await preparedFolders(),
    await preparedVolumes(engine),
  ];
  const surplus = await surplusOf(volumes, now);
  const isOld = ({ at }: Use) => now - at > keptMs;
  await forgetPrepared(now - keptMs);
  const counts = [
    counted(await removeWhere(images, current, now, isOld), "image"),
    counted(await removeWhere(folders, current, now, isOld), "folder"),
    counted(await removeWhere(volumes, current, now, (use) => isOld(use) || surplus.has(use.name)), "volume"),
  ].filter((text) => text !== undefined);
  if (counts.length === 0) return undefined;
  const gigabytes = Math.max(0, (await freeBytes()) - before) / 1e9;
  return `freed ${gigabytes.toFixed(1)} GB: ${counts.join(", ")} that nothing has needed for long`;
}

interface Use {
  name: string;
  /** Milliseconds since 1970 when it was last used. */
  at: number;
}

async function removeWhere(
  found: Prepared[],
  current: ReadonlySet<string>,
  now: number,
  isUnwanted: (use: Use) => boolean,
): Promise<number> {
  let count = 0;
  for (const { name, remove } of found.filter(({ name }) => !current.has(name))) {
    const at = await lastUsed(name);
    if (at === undefined) await touchUsed([name], new Date(now));
    else if (isUnwanted({ name, at }) && (await remove())) {
      await forgetUsed(name);
      count += 1;
    }
  }
  return count;
}

/** Names of the volumes that are too many, the longest unused of each kind. */
async function surplusOf(volumes: readonly Prepared[], now: number): Promise<Set<string>> {
  const uses = await Promise.all(
    volumes.map(async ({ name }) => ({ name, at: (await lastUsed(name)) ?? now })),
  );
  const byKind = Object.values(Object.groupBy(uses, ({ name }) => ofVolumes.exec(name)?.[1] ?? ""));
  const surplus = byKind.flatMap((kind = []) => kind.sort((a, b) => b.at - a.at).slice(keptVolumes));
  return new Set(surplus.filter(({ at }) => now - at > youngMs).map(({ name }) => name));
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
  const found = images.map((image) => ({
    name: image.slice(image.indexOf("/") + 1).replace(":", "-"),
    // Without force: the engine refuses what a container uses, also one that has ended.
    remove: async () => (await engine.docker(["image", "rm", image], { reject: false })).exitCode === 0,
  }));
  const used = await Promise.all(found.map(({ name }) => lastUsed(name)));
  return found.filter((_, index) => used[index] !== undefined);
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

async function preparedVolumes(engine: Engine): Promise<Prepared[]> {
  const receipts = (await readdir(cacheDir("built")).catch(() => [])).filter((name) => ofVolumes.test(name));
  return receipts.map((name) => ({
    name,
    remove: async () => {
      // Force is about volumes that are not there any more; the engine refuses what a container uses all the same.
      const { exitCode } = await engine.docker(["volume", "rm", "--force", volumeOf(name)], {
        reject: false,
      });
      if (exitCode === 0) await rm(cacheDir("built", name), { recursive: true, force: true });
      return exitCode === 0;
    },
  }));
}

/** Undefined for none. */
function counted(count: number, noun: string): string | undefined {
  return count === 0 ? undefined : `${count} ${noun}${count === 1 ? "" : "s"}`;
}
