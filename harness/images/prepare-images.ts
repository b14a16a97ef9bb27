import { basename } from "node:path";
import { cacheDir, HarnessError, messageOf, type Progress } from "../base/index.ts";
import { type Engine, withLock } from "../engine/index.ts";
import { buildMissing, hasReceipt, missingFor, outputOf, receiptOf } from "./build-missing.ts";
import { type CatalogueEntry, catalogueEntries } from "./catalogue.ts";
import { freeBytes } from "./command-log.ts";
import type { Component } from "./component.ts";
import { componentsOf, goalsOf } from "./components.ts";
import { removeInterrupted } from "./interrupted.ts";
import { type Inventory, takeInventory } from "./inventory.ts";
import { keysOf } from "./keys.ts";
import { touchUsed } from "./last-used.ts";
import { preparedAt, rememberPrepared } from "./prepared-before.ts";
import { requireComplete } from "./prepared-volume.ts";
import { pruneUnused } from "./prune.ts";
import { definitionFiles } from "./recipes/definition-files.ts";
import { nodeReference } from "./recipes/mirror.ts";
import { type Source, whyNoRegistry } from "./source.ts";

/** Measured: 9 GB of Go's build and module caches, 7 GB of roots, programs, images and the two volumes. */
const neededBytes = 16e9;

export interface PrepareOptions {
  engine: Engine;
  source: Source | "auto";
  progress: Progress;
  signal?: AbortSignal;
}

export interface PreparedImage {
  name: string;
  /** What a node or the engine is to be asked for. */
  reference: string;
  version: string;
  /** How it came about, one phrase. */
  source: string;
  bytes: number;
  /** Milliseconds that it took now; 0 when it was there. */
  ms: number;
  cached: boolean;
}

export interface PreparedImages {
  source: Source;
  /** Images in the engine: of a node (k3s or ours), of the stand-ins, of the mirror. */
  node: string;
  fixtures: string;
  registry: string;
  /** Images of the browser and of an operator's own machine, in the engine. */
  browser: string;
  operator: string;
  /** Image of the object store, in the engine. */
  objectStore: string;
  /** Volume with the mirror's storage, for /var/lib/registry; mount it read-only. */
  mirrorVolume: string;
  /** Volume for /var/lib/harness of every node; NODE_STORE=/var/lib/harness/nodes/<id> makes a node start from it. */
  storeVolume?: string;
  /** Folder of the platform's definitions, by module; see recipes/definition-files.ts. */
  definitions: string;
  components: PreparedImage[];
  /**
   * To be called once the volumes are mounted.
   * @throws HarnessError `environment` when one of them was removed before that: what is mounted is empty then.
   */
  requireVolumes(): Promise<void>;
  /** Folder of the cache. */
  directory: string;
  /** Nothing had to be done. */
  reused: boolean;
  tookMs: number;
}

/** Names in the engine, and folders of the cache by their names there. */
export interface PreparedOutputs {
  images: string[];
  volumes: string[];
  folders: string[];
}

interface Plan {
  source: Source;
  components: Component[];
  keys: Map<string, string>;
}

/**
 * Makes sure that every image and both volumes are there. What is there is kept: the second time takes milliseconds.
 * @throws HarnessError `environment` naming the part that failed, its last lines and its log.
 */
export async function prepareImages(options: PrepareOptions): Promise<PreparedImages> {
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
    ...describe(plan, inventory, took, performance.now() - startedAt),
    requireVolumes: () => requireComplete(engine, volumesOf(plan)),
  };
}

/** Whether exactly what this checkout needs has been prepared before. Asks neither the engine nor the network. */
export async function areImagesPrepared(): Promise<boolean> {
  return (await rememberedPlan()) !== undefined;
}

/**
 * Names of the images, volumes and folders that this checkout runs on, once they are prepared.
 * @throws HarnessError `environment` when they are not.
 */
export async function preparedOutputs(): Promise<PreparedOutputs> {
  const plan = await rememberedPlan();
  if (plan === undefined)
    throw new HarnessError("the images are not prepared", { code: "environment", remedy: "npm run images" });
  const goals = goalsOf(plan.source);
  const used = { ...plan, components: plan.components.filter(({ name }) => goals.includes(name)) };
  const folders = [definitionFiles.name].map((name) => basename(receiptOf(name, plan.keys.get(name) ?? "")));
  return { images: imagesOf(used), volumes: volumesOf(used), folders };
}

async function makePlan(source: Source): Promise<Plan> {
  const components = componentsOf(source);
  return { source, components, keys: await keysOf(components) };
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

function missingIn(plan: Plan, { images, volumes }: Inventory): Component[] {
  const isThere = (component: Component) => {
    const key = plan.keys.get(component.name) ?? "";
    const output = outputOf(component, key);
    if (component.output === "image") return images.has(output);
    return hasReceipt(component.name, key) && (component.output === "directory" || volumes.has(output));
  };
  return missingFor(goalsOf(plan.source), plan.components, isThere);
}

/** Nobody shall wonder why a command that took seconds yesterday takes half an hour. */
function goneNote(absent: readonly Component[]): string {
  const names = absent.map(({ name }) => name);
  const some =
    names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  return `what was prepared has been removed since (docker system prune does that), and is made again: ${some}`;
}

/** Names of the plan's outputs, as their receipts have them. */
function namesOf({ components, keys }: Plan): Set<string> {
  return new Set(components.map(({ name }) => basename(receiptOf(name, keys.get(name) ?? ""))));
}

/** What could not be removed costs disk, not the run. */
async function prune(engine: Engine, plan: Plan, progress: Progress): Promise<void> {
  const freed = await pruneUnused(engine, namesOf(plan)).catch(
    (error: unknown) => `old images and folders stay: ${messageOf(error)}`,
  );
  if (freed !== undefined) progress.note(freed);
}

const imagesOf = (plan: Plan) => outputsOf(plan, "image");
const volumesOf = (plan: Plan) => outputsOf(plan, "volume");

function outputsOf({ components, keys }: Plan, kind: Component["output"]): string[] {
  return components.filter(({ output }) => output === kind).map((c) => outputOf(c, keys.get(c.name) ?? ""));
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

function describe(
  plan: Plan,
  inventory: Inventory,
  took: Map<string, number>,
  tookMs: number,
): Omit<PreparedImages, "requireVolumes"> {
  const outputs = new Map(plan.components.map((c) => [c.name, outputOf(c, plan.keys.get(c.name) ?? "")]));
  const output = (name: string) => outputs.get(name) ?? "";
  const component = ([name, entry]: [string, CatalogueEntry]): PreparedImage => ({
    name,
    reference: entry.runsIn !== "engine" ? nodeReference(entry, output(name)) : output(name),
    version: entry.version,
    source: plan.source === "packages" || entry.ownWork ? entry.madeFrom : entry.reference,
    bytes: inventory.images.get(output(name)) ?? 0,
    ms: Math.round(took.get(name) ?? 0),
    cached: !took.has(name),
  });
  return {
    source: plan.source,
    node: output("node"),
    fixtures: output("fixtures"),
    registry: output("registry"),
    browser: output("browser"),
    operator: output("operator"),
    objectStore: output("versitygw"),
    mirrorVolume: output("mirror"),
    definitions: output(definitionFiles.name),
    ...(outputs.has("store") && { storeVolume: output("store") }),
    components: catalogueEntries.map(component),
    directory: cacheDir(),
    reused: took.size === 0,
    tookMs,
  };
}

/** What this checkout needs, as it was prepared last; undefined if it never was. */
async function rememberedPlan(): Promise<Plan | undefined> {
  const plans = await Promise.all((["packages", "registry"] as const).map(makePlan));
  const at = await Promise.all(plans.map(({ keys }) => preparedAt(keys)));
  const newest = Math.max(...at.map((time) => time ?? 0));
  return plans.find((_, index) => at[index] === newest);
}
