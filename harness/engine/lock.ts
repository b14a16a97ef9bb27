import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeOwner, hasOwnerEnded, ownerOf } from "../base/index.ts";

export interface LockOptions {
  /** Called once when somebody else holds it, with words for who that is. */
  onWait?: (holder: string) => void;
  /** Ends the waiting for somebody else; what works under the lock has to look at it itself. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while nobody else runs under the same lock file, not even from another container or machine that shares
 * the disk. The file names its holder (see `ownerOf`); a lock whose holder has ended (kill -9, reboot) is taken over.
 * Whether one elsewhere has ended cannot be known: whoever waits for it is told which file to remove then.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  { onWait = () => {}, signal }: LockOptions = {},
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  let told = false;
  while (!(await tryLock(file))) {
    signal?.throwIfAborted();
    const holder = await readHolder(file);
    if (holder !== undefined && isStale(holder)) await removeStale(file, holder);
    else if (!told && holder !== undefined) {
      told = true;
      onWait(describeHolder(holder, file));
    }
    // A lock is a file of a foreign process; there is no event for its end that works on every file system.
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    if ((await readHolder(file)) === own()) await rm(file, { force: true });
  }
}

const own = () => ownerOf(process.pid);

/** A link appears at once and with its content, so nobody ever reads a lock without a holder. */
async function tryLock(file: string): Promise<boolean> {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(aside, own());
    await link(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** What the file says; undefined where there is none. */
async function readHolder(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}

/** A lost power supply leaves files that are there and empty, and nobody makes one so. */
function isStale(holder: string): boolean {
  return holder.trim() === "" || hasOwnerEnded(holder);
}

function describeHolder(holder: string, file: string): string {
  const who = describeOwner(holder);
  // Of one that is known here its end is seen.
  return /^process \d+$/.test(who) ? who : `${who} (remove ${file} if that has ended)`;
}

/** Of several that find the same stale lock one moves it away; a lock taken meanwhile is put back. */
async function removeStale(file: string, stale: string): Promise<void> {
  const aside = `${file}.stale.${process.pid}.${randomBytes(4).toString("hex")}`;
  const isMoved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  if ((await readHolder(aside)) !== stale) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}
