import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getContainerRuntimeClient } from "testcontainers";
import { cacheDir, isOwnerAlive, labelNames, labelsOf, messageOf, poolVolumeOf } from "../base/index.ts";

/** Where runs that shall outlive their command are noted; the file's content names the store volume and image. */
export const keptDir = () => cacheDir("kept");

/**
 * Removes all that a run started: containers with their anonymous volumes, the run's volumes and network, and
 * its nodes' directories in the prepared store. Removing a run that is gone is fine.
 * Every part is tried; what could not be removed is told in one AggregateError.
 */
export async function removeRun(runId: string, store?: { volume: string; image: string }): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = JSON.stringify({ label: [`${labelNames.run}=${runId}`] });
  const containers = await dockerode.listContainers({ all: true, filters });
  const failures: unknown[] = [];
  const attempt = (work: Promise<unknown>) => work.catch((error) => isGone(error) || failures.push(error));
  const remove = { force: true, v: true };
  await Promise.all(containers.map(({ Id }) => attempt(dockerode.getContainer(Id).remove(remove))));
  const volumes = (await dockerode.listVolumes({ filters })).Volumes ?? [];
  // By its name too: a node that is created just after the volume went makes it again, without labels.
  const volumeNames = new Set([poolVolumeOf(runId), ...volumes.map(({ Name }) => Name)]);
  const networks = await dockerode.listNetworks({ filters });
  await Promise.all([
    ...[...volumeNames].map((name) => attempt(dockerode.getVolume(name).remove())),
    ...networks.map(({ Id }) => attempt(dockerode.getNetwork(Id).remove())),
    ...(store ? [attempt(removeStoreDirs(runId, store))] : []),
  ]);
  if (failures.length === 0) await forgetKept(runId);
  if (failures.length > 0) {
    throw new AggregateError(
      failures,
      `run ${runId} could not be removed: ${failures.map(messageOf).join("; ")}`,
    );
  }
}

/** Not there any more, or another removal of it is under way. */
function isGone(error: unknown): boolean {
  const { statusCode } = error as { statusCode?: number };
  return statusCode === 404 || (statusCode === 409 && /already in progress/.test(messageOf(error)));
}

/** The directories are root's and inside a volume, so a container of the node image removes them. */
async function removeStoreDirs(
  runId: string,
  { volume, image }: { volume: string; image: string },
): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const container = await dockerode.createContainer({
    Image: image,
    Entrypoint: ["sh", "-c", `rm -rf /var/lib/harness/nodes/${runId}-*`],
    Labels: labelsOf(runId), // with an owner: another command must not take it for a leftover
    HostConfig: { Binds: [`${volume}:/var/lib/harness`], NetworkMode: "none" },
  });
  try {
    await container.start();
    await container.wait();
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** Run ids of the runs that `--keep` or `npm run up` left, newest last. */
export async function keptRuns(): Promise<string[]> {
  const files = await readdir(keptDir()).catch(() => []);
  return files
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/**
 * Removes what killed commands left: everything with the harness's label whose process has ended, except runs
 * that were kept on purpose. Returns the removed run ids.
 */
export async function removeLeftovers(store?: { volume: string; image: string }): Promise<string[]> {
  const { dead } = await sortRuns();
  for (const runId of dead) await removeRun(runId, store);
  return dead;
}

/** Run ids of the runs whose command is still at work. */
export async function liveRuns(): Promise<string[]> {
  return (await sortRuns()).alive;
}

async function sortRuns(): Promise<{ alive: string[]; dead: string[] }> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = JSON.stringify({ label: [`${labelNames.marker}=true`] });
  const [containers, networks, volumes] = await Promise.all([
    dockerode.listContainers({ all: true, filters }),
    dockerode.listNetworks({ filters }),
    dockerode.listVolumes({ filters }),
  ]);
  const labels = [...containers, ...networks, ...(volumes.Volumes ?? [])].map((thing) => thing.Labels ?? {});
  return runsByLife(labels, new Set(await keptRuns()));
}

/**
 * Which runs have lost their process, and which are at work; kept ones are neither. A run is alive as long as any of
 * its things belongs to a living process.
 */
export function runsByLife(
  labels: Record<string, string>[],
  kept: ReadonlySet<string>,
): { alive: string[]; dead: string[] } {
  const isAlive = new Map<string, boolean>();
  for (const { [labelNames.run]: runId, [labelNames.owner]: owner } of labels) {
    if (!runId || kept.has(runId)) continue;
    isAlive.set(runId, isAlive.get(runId) || (owner !== undefined && isOwnerAlive(owner)));
  }
  const ids = (alive: boolean) => [...isAlive].flatMap(([runId, is]) => (is === alive ? [runId] : []));
  return { alive: ids(true), dead: ids(false) };
}

/** What a kept run needs to be removed completely. */
export async function storeOfKeptRun(runId: string): Promise<KeptRun["store"]> {
  return (await keptRun(runId))?.store;
}

/** What stands in the note of a kept run. */
export interface KeptRun {
  store?: { volume: string; image: string } | undefined;
  /** Where the run's results are; the keys to its cluster are in `access` there. */
  runDir: string;
}

/** Notes that the run shall outlive its command. */
export async function noteKept(runId: string, run: KeptRun): Promise<void> {
  await mkdir(keptDir(), { recursive: true });
  await writeFile(`${keptDir()}/${runId}.json`, JSON.stringify(run));
}

async function keptRun(runId: string): Promise<KeptRun | undefined> {
  const note = await readFile(`${keptDir()}/${runId}.json`, "utf8").catch(() => undefined);
  return note === undefined ? undefined : (JSON.parse(note) as KeptRun);
}

/** Takes the note away, and the keys to the cluster that is gone. */
async function forgetKept(runId: string): Promise<void> {
  const kept = await keptRun(runId);
  if (!kept) return;
  await rm(join(kept.runDir, "access"), { recursive: true, force: true });
  await rm(`${keptDir()}/${runId}.json`, { force: true });
}
