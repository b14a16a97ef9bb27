import { cacheDir, HarnessError, messageOf, type Progress, UnderWay } from "../base/index.ts";
import { type Engine, withLock } from "../engine/index.ts";
import { buildMissing } from "./build-missing.ts";
import { freeBytes } from "./command-log.ts";
import type { Component } from "./component.ts";
import { removeInterrupted } from "./interrupted.ts";
import { takeInventory } from "./inventory.ts";
import { touchUsed } from "./last-used.ts";
import { imagesOf, makePlan, missingIn, namesOf, type Plan, rememberedPlan, volumesOf } from "./plan.ts";
import { preparedAt, rememberPrepared } from "./prepared-before.ts";
import { describePrepared, type PreparedImages } from "./prepared-images.ts";
import { requireComplete } from "./prepared-volume.ts";
import { pruneUnused } from "./prune.ts";
import { type Source, whyNoRegistry } from "./source.ts";

/** Measured: 9 GB of Go's build and module caches, 7 GB of roots, programs, images and the two volumes. */
const neededBytes = 16e9;

export interface PrepareOptions {
  engine: Engine;
  source: Source | "auto";
  progress: Progress;
  signal?: AbortSignal;
}

/**
 * Makes sure that every image and both volumes are there. What is there is kept: the second time takes milliseconds.
 * @throws HarnessError `environment` naming the part that failed, its last lines and its log.
 */
export function prepareImages(options: PrepareOptions): Promise<PreparedImages> {
  // Worlds that start side by side: what fails for one after minutes must not be tried again for the next.
  const { engine, source } = options;
  return preparations.join(`${source} ${engine.host}`, () => prepare(options));
}

const preparations = new UnderWay<PreparedImages>();

async function prepare(options: PrepareOptions): Promise<PreparedImages> {
  const startedAt = performance.now();
  const { engine, progress, signal = new AbortController().signal } = options;
  const plan = await makePlan(
    options.source === "auto" ? await rememberedOrProbed(engine, progress, signal) : options.source,
  );
  // Before looking: nobody may remove it from now on.
  await touchUsed(namesOf(plan));
  const look = () => takeInventory(engine, imagesOf(plan), signal);
  let inventory = await look();
  let took = new Map<string, number>();
  const absent = missingIn(plan, inventory);
  if (absent.length > 0) {
    if ((await preparedAt(plan.keys)) !== undefined) progress.note(goneNote(absent));
    took = await progress.task(
      `Images from ${plan.source === "packages" ? "packages" : "the registry"}`,
      (task) =>
        withLock(
          cacheDir("prepare.lock"),
          async () => {
            signal.throwIfAborted();
            // Whoever held the lock may have built it all.
            const missing = missingIn(plan, await look());
            if (missing.length > 0 && plan.source === "packages") await requireSpace(missing);
            await removeInterrupted(engine);
            const isThere = (component: Component) => !missing.includes(component);
            const built = await buildMissing(missing, plan.components, {
              engine,
              progress: task,
              signal,
              keys: plan.keys,
              isThere,
            });
            await prune(engine, plan, progress);
            return built;
          },
          { onWait: (holder) => task.update(`waiting for ${holder}, which is preparing them`), signal },
        ),
    );
    inventory = await look();
  }
  await rememberPrepared(plan.keys);
  return {
    ...describePrepared(plan, inventory, took, performance.now() - startedAt),
    requireVolumes: () => requireComplete(engine, volumesOf(plan)),
  };
}

/** A registry that answers today does not make yesterday's images worthless: what is prepared is taken. */
async function rememberedOrProbed(engine: Engine, progress: Progress, signal: AbortSignal): Promise<Source> {
  const remembered = await rememberedPlan();
  if (remembered !== undefined) return remembered.source;
  const why = await whyNoRegistry(engine, signal);
  if (why === undefined) return "registry";
  progress.note(`images come from packages: no registry answers (${why}); --images registry insists on one`);
  return "packages";
}

/** Nobody shall wonder why a command that took seconds yesterday takes half an hour. */
function goneNote(absent: readonly Component[]): string {
  const names = absent.map(({ name }) => name);
  const some =
    names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  return `what was prepared has been removed since (docker system prune does that), and is made again: ${some}`;
}

/** What could not be removed costs disk, not the run. */
async function prune(engine: Engine, plan: Plan, progress: Progress): Promise<void> {
  const freed = await pruneUnused(engine, namesOf(plan)).catch(
    (error: unknown) => `old images and folders stay: ${messageOf(error)}`,
  );
  if (freed !== undefined) progress.note(freed);
}

async function requireSpace(missing: readonly Component[]): Promise<void> {
  const isColdStart = missing.some(({ name }) => name === "program kubernetes");
  const free = await freeBytes();
  if (!isColdStart || free > neededBytes) return;
  throw new HarnessError(
    `building the images needs about ${neededBytes / 1e9} GB, and ${cacheDir()} has ${(free / 1e9).toFixed(1)} GB free`,
    {
      code: "environment",
      remedy: "Free some space, or set OPENCODE_HARNESS_CACHE to a folder on another disk.",
    },
  );
}
