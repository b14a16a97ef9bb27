import { freemem } from "node:os";
import type { Progress } from "../base/index.ts";
import { formatBytes } from "../report/index.ts";
import { type InotifyInstances, inotifyInstances, instancesPerCluster } from "./inotify.ts";

/** Bytes of a GiB. */
export const GiB = 1024 ** 3;

/** One cluster: 1.9 GiB were measured with both workspaces, and about 0.5 GiB for a browser beside it. */
export const clusterMemory = 2.5 * GiB;

/** Preparation from packages, before any cluster runs: what compilers were seen to use. */
export const preparationMemory = 4 * GiB;

/** Clusters that a long line of work has side by side if no other number is given. */
const clustersAtOnce = 2;

/** Pieces of work of which a second world, started beside the first, gets enough to be worth its start. */
const worthASecondWorld = 4;

/** The harness itself, Vitest and the engine. */
const ownMemory = 1 * GiB;

/** What doctor and the README ask for, available: enough for preparation and for every command as it is without options. */
export const wantedMemory = Math.max(clustersAtOnce * clusterMemory, preparationMemory) + ownMemory;

export interface Line {
  /** Pieces of work, each of which has a world to itself. */
  pieces: number;
  /** How many worlds were asked for, if any number was. */
  clusters: number | undefined;
  progress: Progress;
  /** Bytes. */
  available?: number;
  inotify?: InotifyInstances | undefined;
}

/** How many worlds a line of work gets: as many as were asked for, else two for a long one where there is room for them. */
export async function worldsFor(line: Line): Promise<number> {
  const { pieces, clusters, progress } = line;
  if (clusters !== undefined) return Math.max(1, Math.min(clusters, pieces));
  if (pieces < worthASecondWorld) return 1;
  const lack = lackOf(
    line.available ?? freemem(),
    "inotify" in line ? line.inotify : await inotifyInstances(),
  );
  if (lack === undefined) return clustersAtOnce;
  progress.note(`one cluster, which takes longer: ${lack}`);
  return 1;
}

/** What a second world lacks; without instances of inotify its nodes would never be Ready. */
function lackOf(available: number, inotify: InotifyInstances | undefined): string | undefined {
  if (available < wantedMemory)
    return `${formatBytes(available)} of memory are available, two want ${formatBytes(wantedMemory)}`;
  const free = inotify ? inotify.limit - inotify.used : Infinity;
  const wanted = clustersAtOnce * instancesPerCluster;
  return free < wanted
    ? `${free} inotify instances are free, two want ${wanted} (sysctl fs.inotify.max_user_instances=1024)`
    : undefined;
}
