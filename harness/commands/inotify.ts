import { readdir, readFile, readlink, stat } from "node:fs/promises";

/** Of root's instances a cluster's three kubelets, containerds and control plane were seen to hold 36. */
export const instancesPerCluster = 40;

/** What this user may have, and how many are in use. */
export interface InotifyInstances {
  limit: number;
  used: number;
}

/** Undefined where there is no limit. */
export async function inotifyInstances(): Promise<InotifyInstances | undefined> {
  const limit = await readFile("/proc/sys/fs/inotify/max_user_instances", "utf8").catch(() => undefined);
  if (limit === undefined) return undefined;
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const used = await Promise.all(processes.map(inotifyInstancesOf));
  return { limit: Number(limit), used: used.reduce((sum, count) => sum + count, 0) };
}

/** Of a process of this user's; 0 for one that has ended meanwhile, or is somebody else's. */
async function inotifyInstancesOf(pid: string): Promise<number> {
  const dir = `/proc/${pid}/fd`;
  try {
    if ((await stat(`/proc/${pid}`)).uid !== process.getuid?.()) return 0;
    const targets = (await readdir(dir)).map((fd) => readlink(`${dir}/${fd}`).catch(() => ""));
    return (await Promise.all(targets)).filter((target) => target === "anon_inode:inotify").length;
  } catch {
    return 0;
  }
}
