import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTimeOf } from "../base/index.ts";

/**
 * Runs `work` while no other process of this machine runs under the same lock file.
 * A lock whose holder is gone (kill -9, reboot) is taken over: the file names the holder's pid and start time.
 * @param onWait called once when somebody else holds it.
 * @param signal ends the waiting for somebody else; what works under the lock has to look at it itself.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait: (pid: number) => void = () => {},
  signal?: AbortSignal,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  let told = false;
  while (!(await tryLock(file))) {
    signal?.throwIfAborted();
    const holder = await readHolder(file);
    if (holder !== undefined && !isAlive(holder)) await removeStale(file, holder);
    else if (!told && holder !== undefined) {
      told = true;
      onWait(holder.pid);
    }
    // A lock is a file of a foreign process; there is no event for its end that works on every file system.
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

interface Holder {
  pid: number;
  startTime: string;
}

/** A link appears at once and with its content, so nobody ever reads a lock without a holder. */
async function tryLock(file: string): Promise<boolean> {
  const own = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(own, `${process.pid} ${startTimeOf(process.pid)}`);
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  const [pid, startTime] = (await readFile(file, "utf8").catch(() => "")).split(" ");
  return pid && startTime ? { pid: Number(pid), startTime } : undefined;
}

function isAlive({ pid, startTime }: Holder): boolean {
  return startTimeOf(pid) === startTime;
}

/** Of several that find the same stale lock one moves it away; a lock taken meanwhile is put back. */
async function removeStale(file: string, stale: Holder): Promise<void> {
  const aside = `${file}.stale.${process.pid}.${randomBytes(4).toString("hex")}`;
  const isMoved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  if ((await readHolder(aside))?.pid !== stale.pid) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}
