import { readdir, readFile, rm } from "node:fs/promises";
import { getContainerRuntimeClient } from "testcontainers";
import { cacheDir, messageOf } from "../base/index.ts";
import { isOwnerAlive, labelNames } from "./run-labels.ts";

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
  const networks = await dockerode.listNetworks({ filters });
  await Promise.all([
    ...volumes.map(({ Name }) => attempt(dockerode.getVolume(Name).remove())),
    ...networks.map(({ Id }) => attempt(dockerode.getNetwork(Id).remove())),
    ...(store ? [attempt(removeStoreDirs(runId, store))] : []),
  ]);
  await rm(`${keptDir()}/${runId}.json`, { force: true });
  if (failures.length > 0) {
    throw new AggregateError(
      failures,
      `run ${runId} could not be removed: ${failures.map(messageOf).join("; ")}`,
    );
  }
}

function isGone(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 404;
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
    Labels: { [labelNames.marker]: "true", [labelNames.run]: runId },
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
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = JSON.stringify({ label: [`${labelNames.marker}=true`] });
  const [containers, networks, volumes] = await Promise.all([
    dockerode.listContainers({ all: true, filters }),
    dockerode.listNetworks({ filters }),
    dockerode.listVolumes({ filters }),
  ]);
  const labels = [...containers, ...networks, ...(volumes.Volumes ?? [])].map((thing) => thing.Labels ?? {});
  const kept = new Set(await keptRuns());
  const dead = new Set<string>();
  for (const { [labelNames.run]: runId, [labelNames.owner]: owner } of labels) {
    if (runId && !kept.has(runId) && !(owner && isOwnerAlive(owner))) dead.add(runId);
  }
  for (const runId of dead) await removeRun(runId, store);
  return [...dead];
}

/** What a kept run needs to be removed completely. */
export async function storeOfKeptRun(runId: string): Promise<{ volume: string; image: string } | undefined> {
  const note = JSON.parse(await readFile(`${keptDir()}/${runId}.json`, "utf8")) as {
    store?: { volume: string; image: string };
  };
  return note.store;
}
