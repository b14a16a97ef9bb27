import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { cacheDir, type Task } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";
import { CommandLog, explainFailure } from "./command-log.ts";
import type { Component, Job } from "./component.ts";
import { settleVolume, volumeOf } from "./prepared-volume.ts";

export interface BuildContext {
  engine: Engine;
  /** The task that all of it is; each component is one in it. */
  progress: Task;
  signal: AbortSignal;
  keys: ReadonlyMap<string, string>;
  isThere(component: Component): boolean;
}

/** Where a component's result is, or will be. */
export function outputOf({ name, output }: Component, key: string): string {
  if (output === "directory") return receiptOf(name, key);
  return output === "image" ? `opencode-harness/${slugOf(name)}:${key}` : volumeOf(`${slugOf(name)}-${key}`);
}

/** The folder in the cache that says that a component is done; with output `directory` it is the result itself. */
export function receiptOf(name: string, key: string): string {
  return cacheDir("built", `${slugOf(name)}-${key}`);
}

const slugOf = (name: string) => name.replaceAll(/[^\w.-]+/g, "-");

/** The goals that are not there, and what is needed for them and is not there either. */
export function missingFor(
  goals: readonly string[],
  components: readonly Component[],
  isThere: (component: Component) => boolean,
): Component[] {
  const byName = new Map(components.map((component) => [component.name, component]));
  const missing = new Set<Component>();
  const visit = (name: string) => {
    const component = byName.get(name);
    if (component === undefined || missing.has(component) || isThere(component)) return;
    missing.add(component);
    [...component.needs, ...(component.tools ?? [])].forEach(visit);
  };
  goals.forEach(visit);
  return [...missing];
}

/**
 * Builds what is missing, each as soon as its needs are there, side by side. The first failure stops the others.
 * Returns how long each took, in milliseconds.
 * @throws HarnessError `environment` that names the component, its last lines and its log.
 */
export async function buildMissing(
  missing: readonly Component[],
  components: readonly Component[],
  context: BuildContext,
): Promise<Map<string, number>> {
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const building = new Set(missing.map(({ name }) => name));
  const outputs = new Map(components.map((c) => [c.name, outputOf(c, context.keys.get(c.name) ?? "")]));
  const took = new Map<string, number>();
  const finished = new Map<string, Promise<void>>();
  const finish = (component: Component): Promise<void> => {
    const known = finished.get(component.name);
    if (known !== undefined) return known;
    const first = [...component.needs, ...(component.tools ?? [])];
    const needs = missing.filter(({ name }) => first.includes(name)).map(finish);
    const done = Promise.all(needs).then(async () => {
      const startedAt = performance.now();
      await buildOne(component, { ...context, signal, building, outputs });
      took.set(component.name, performance.now() - startedAt);
      context.progress.update(`${took.size} of ${missing.length} built`);
    });
    finished.set(component.name, done);
    return done;
  };
  const all = missing.map(finish);
  try {
    await Promise.all(all);
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(all);
    context.signal.throwIfAborted();
    throw error;
  }
  return took;
}

async function buildOne(
  component: Component,
  context: BuildContext & { building: ReadonlySet<string>; outputs: ReadonlyMap<string, string> },
): Promise<void> {
  const { engine, signal, building, outputs } = context;
  signal.throwIfAborted();
  const receipt = receiptOf(component.name, context.keys.get(component.name) ?? "");
  // An interrupted build leaves only this folder, and the next one starts with it empty.
  const partial = `${receipt}.partial`;
  const output = outputs.get(component.name) ?? "";
  await context.progress.task(component.name, async (task) => {
    try {
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial, { recursive: true });
      await using log = await CommandLog.open(component.name, (line) => task.update(line));
      const run: Job["run"] = (command, args, options) =>
        log.run(command, args, { cancelSignal: signal, ...options });
      await component.build({
        directory: partial,
        output,
        engine,
        task,
        signal,
        building,
        outputOf: (name) => required(outputs, name),
        run,
        docker: (args, options) => run(engine.client, args, { env: engine.environment, ...options }),
      });
      await settle(component, { partial, receipt, engine, output });
    } catch (error) {
      throw signal.aborted ? error : await explainFailure(component.name, error);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  });
}

async function settle(
  component: Component,
  at: { partial: string; receipt: string; engine: Engine; output: string },
): Promise<void> {
  if (component.output === "image") return;
  if (component.output === "volume") return settleVolume(at.engine, at.output);
  await mkdir(dirname(at.receipt), { recursive: true });
  await rm(at.receipt, { recursive: true, force: true });
  await rename(at.partial, at.receipt);
}

function required(outputs: ReadonlyMap<string, string>, name: string): string {
  const output = outputs.get(name);
  if (output === undefined) throw new RangeError(`no component is called ${name}`);
  return output;
}

/** Whether a folder of the cache says that it is done. */
export function hasReceipt(name: string, key: string): boolean {
  return existsSync(receiptOf(name, key));
}
