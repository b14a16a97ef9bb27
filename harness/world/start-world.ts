import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf, orAborted } from "../base/index.ts";
import { engineHost, removeRun } from "../cluster/index.ts";
import { ensureEngine, watchEngine } from "../engine/index.ts";
import { openHome } from "../home/index.ts";
import { prepareImages } from "../images/index.ts";
import { collectEvidence } from "../observe/index.ts";
import { assembleWorld, type WorldParts } from "./assemble-world.ts";
import { domainsOf, worldAuthority } from "./authority.ts";
import { newCredentials } from "./credentials.ts";
import type { RunningWorld } from "./running-world.ts";
import type { WorldOptions } from "./started-world.ts";

/**
 * Brings up the whole world: engine, images, nodes and internet side by side, the platform, and Flux looking at the
 * tree. Returns as soon as the tree is published; what it does in the cluster is the scenario's to watch.
 * When this throws, its evidence is in `evidence/start` and whatever was started is removed again.
 */
export async function startWorld(options: WorldOptions): Promise<RunningWorld> {
  const { progress } = options;
  const { manifests, outside } = options;
  const home = await progress.task("home", () => openHome({ manifests, outside, signal: options.signal }));
  options.mutant?.edit(home.tree.copy()); // an edit that does not apply must not cost a cluster
  const engine = await ensureEngine(progress, options.signal);
  const images = await prepareImages({ engine, source: options.images, progress, signal: options.signal });
  const credentials = await newCredentials(home);
  const authority = await worldAuthority(domainsOf(home), await engineHost());
  const engineWatch = watchEngine(engine.host);
  const signal = AbortSignal.any([options.signal, engineWatch.lost]);
  const parts: WorldParts = { home, images, credentials, authority, engineWatch, signal, begun: [] };
  const { promise: work, resolve } = Promise.withResolvers<RunningWorld>();
  try {
    return await progress.task("cluster", (task) => {
      resolve(assembleWorld(options, task, parts));
      return orAborted(signal, work);
    });
  } catch (error) {
    // What fails first when the engine dies is some connection to what ran in it.
    const cause = (await engineWatch.isLost()) ? engineWatch.lost.reason : error;
    await giveUp(options, parts, { work, error: cause });
    throw cause;
  }
}

/**
 * How long after an interruption a container may still appear. Some of its waits last longer, for a container that is
 * gone; they start nothing any more.
 */
const creationMs = 8_000;

/** Resolves when the work has ended, and all that it has begun. */
export async function allEnded(work: Promise<unknown>, begun: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled([work]);
  for (let known = -1; known < begun.length; ) {
    known = begun.length;
    await Promise.allSettled(begun);
  }
}

/** Keeps the evidence of a start that failed, and removes what was started; `error` is thrown with what goes wrong here. */
async function giveUp(
  options: WorldOptions,
  parts: WorldParts,
  { work, error }: { work: Promise<unknown>; error: unknown },
): Promise<void> {
  const { engineWatch, cluster, begun } = parts;
  const { runId, runDir, signal, mutant, progress } = options;
  try {
    if (engineWatch.lost.aborted) return; // nothing can be asked or removed: the next run does
    if (!signal.aborted) {
      const directory = join(runDir, "evidence", mutant ? `start-${mutant.name}` : "start");
      await progress
        .task("Evidence", () => collectEvidence({ runId, cluster }, directory))
        .catch((trouble) => progress.note(`evidence incomplete: ${messageOf(trouble)}`));
    }
    await progress.task("remove the cluster", async () => {
      const ended = allEnded(work, begun).then(() => true);
      const deadline = performance.now() + creationMs;
      // What is just being started may appear only after this.
      do await removeRun(runId).catch(() => {});
      while (!(await Promise.race([ended, delay(500, false)])) && performance.now() < deadline);
      await removeRun(runId);
    });
  } catch (cleanUp) {
    throw new SuppressedError(cleanUp, error);
  } finally {
    engineWatch[Symbol.dispose]();
    await rm(join(runDir, "access"), { recursive: true, force: true });
  }
}
