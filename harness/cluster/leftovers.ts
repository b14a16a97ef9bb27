import { rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheId, isLeft, labelNames, labelsOf, messageOf, poolVolumeOf } from "../base/index.ts";
import { type Docker, dockerAt } from "../engine/index.ts";
import { isKeptMark, keptRuns } from "./kept-run.ts";
import { storeDir } from "./node-containers.ts";

/**
 * Removes all that a run of this cache started: containers with their anonymous volumes, the run's volumes and network, and
 * its nodes' directories in the prepared store. Removing a run that is gone is fine.
 * Every part is tried; what could not be removed is told in one AggregateError.
 */
export async function removeRun(runId: string, docker: Docker = dockerAt()): Promise<void> {
  // The cache too: another one's may by chance have the same id.
  const labels = [`${labelNames.run}=${runId}`, `${labelNames.cache}=${cacheId()}`];
  const filters = JSON.stringify({ label: labels });
  const containers = await docker.listContainers({ all: true, filters });
  const failures: unknown[] = [];
  const attempt = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (!isGone(error)) failures.push(error);
      return undefined;
    }
  };
  // While its nodes are there, which tell where the store is: whoever is killed now leaves one that tells it too.
  const sweeper = await attempt(createSweeper(runId, containers, docker));
  const remove = { force: true, v: true };
  await Promise.all(containers.map(({ Id }) => attempt(docker.getContainer(Id).remove(remove))));
  const volumes = (await docker.listVolumes({ filters })).Volumes ?? [];
  // By its name too: a node that is created just after the volume went makes it again, without labels.
  const volumeNames = new Set([poolVolumeOf(runId), ...volumes.map(({ Name }) => Name)]);
  const networks = await docker.listNetworks({ filters });
  await Promise.all([
    ...[...volumeNames].map((name) => attempt(docker.getVolume(name).remove())),
    ...networks.map(({ Id }) => attempt(docker.getNetwork(Id).remove())),
    ...(sweeper ? [attempt(sweep(sweeper))] : []),
  ]);
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

/** The nodes' directories are root's and inside a volume, so a container of their image removes them. */
async function createSweeper(
  runId: string,
  containers: Docker.ContainerInfo[],
  docker: Docker,
): Promise<Docker.Container | undefined> {
  const node = containers.find(({ Labels }) => Labels[labelNames.store]);
  const volume = node?.Labels[labelNames.store];
  if (!node || !volume) return undefined;
  await docker.getVolume(volume).inspect(); // mounted when it is gone it would be made anew
  return docker.createContainer({
    Image: node.Image,
    Entrypoint: ["sh", "-c", `rm -rf ${storeDir}/nodes/${runId}-*`],
    Labels: { ...labelsOf(runId), [labelNames.store]: volume },
    HostConfig: { Binds: [`${volume}:${storeDir}`], NetworkMode: "none" },
  });
}

async function sweep(sweeper: Docker.Container): Promise<void> {
  try {
    await sweeper.start();
    await sweeper.wait();
  } finally {
    await sweeper.remove({ force: true, v: true });
  }
}

/** Removes the runs of this cache that `--keep` or `npm run up` left, and the keys to their clusters. Returns their ids. */
export async function removeKept(docker: Docker = dockerAt()): Promise<string[]> {
  const kept = await keptRuns(docker);
  for (const { runId, runDir } of kept) {
    await removeRun(runId, docker);
    if (runDir !== "") await rm(join(runDir, "access"), { recursive: true, force: true });
  }
  return kept.map(({ runId }) => runId);
}

/**
 * Removes what killed commands left: what this cache started and whose process has ended, except runs that were kept on
 * purpose. What others have on the same engine stays. Returns the removed run ids.
 */
export async function removeLeftovers(docker: Docker = dockerAt()): Promise<string[]> {
  const left = leftRuns(await allLabels(docker));
  for (const runId of left) await removeRun(runId, docker);
  return left;
}

/** Labels of everything that any run has on the engine. */
async function allLabels(docker: Docker): Promise<Record<string, string>[]> {
  const filters = JSON.stringify({ label: [`${labelNames.marker}=true`] });
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [...containers, ...networks, ...(volumes.Volumes ?? [])].map((thing) => thing.Labels ?? {});
}

/** Ids of the runs of which nothing belongs to a process that may live, to another cache, or to a run that is kept. */
export function leftRuns(labels: Record<string, string>[]): string[] {
  const runs = new Map<string, boolean>();
  for (const each of labels) {
    const { [labelNames.run]: runId } = each;
    if (runId) runs.set(runId, (runs.get(runId) ?? true) && isLeft(each) && !isKeptMark(each));
  }
  return [...runs].flatMap(([runId, areAllLeft]) => (areAllLeft ? [runId] : []));
}
