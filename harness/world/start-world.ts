import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../base/index.ts";
import { removeRun } from "../cluster/index.ts";
import { ensureEngine, watchEngine } from "../engine/index.ts";
import { readTree } from "../gitops/index.ts";
import { prepareImages } from "../images/index.ts";
import { collectEvidence } from "../observe/index.ts";
import { assembleWorld, type WorldParts } from "./assemble-world.ts";
import { newCredentials } from "./credentials.ts";
import { type RunningWorld, storeOf } from "./running-world.ts";
import type { WorldOptions } from "./started-world.ts";

/**
 * Brings up the whole world: engine, images, nodes and internet side by side, the platform, and Flux looking at the
 * tree. Returns as soon as the tree is published; what it does in the cluster is the scenario's to watch.
 * When this throws, its evidence is in `evidence/start` and whatever was started is removed again.
 */
export async function startWorld(options: WorldOptions): Promise<RunningWorld> {
  const { progress } = options;
  const tree = await readTree(options.manifests);
  options.mutant?.edit(tree.copy()); // an edit that does not apply must not cost a cluster
  const engine = await ensureEngine(progress);
  const images = await prepareImages({ engine, source: options.images, progress, signal: options.signal });
  const credentials = newCredentials(tree);
  const engineWatch = watchEngine(engine.host);
  const signal = AbortSignal.any([options.signal, engineWatch.lost]);
  const parts: WorldParts = { tree, images, credentials, engineWatch, signal, begun: [] };
  try {
    return await progress.task("cluster", (task) => orAborted(signal, assembleWorld(options, task, parts)));
  } catch (error) {
    await giveUp(options, parts, error);
    throw error;
  }
}

async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    aborted.catch(() => {});
  }
}

/** Keeps the evidence of a start that failed, and removes what was started; `error` is thrown with what goes wrong here. */
async function giveUp(options: WorldOptions, parts: WorldParts, error: unknown): Promise<void> {
  const { images, engineWatch, cluster, begun } = parts;
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
      const ended = Promise.allSettled(begun).then(() => true);
      // What is just being started may appear only after this; it fails as soon as it is gone.
      do await removeRun(runId).catch(() => {});
      while (!(await Promise.race([ended, delay(500, false)])));
      await removeRun(runId, storeOf(images));
    });
  } catch (cleanUp) {
    throw new SuppressedError(cleanUp, error);
  } finally {
    engineWatch[Symbol.dispose]();
    await rm(join(runDir, "access"), { recursive: true, force: true });
  }
}
