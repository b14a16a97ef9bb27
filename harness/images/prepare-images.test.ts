import { beforeEach, expect, it } from "vitest";
import { cacheDir, type Progress, silent } from "../base/index.ts";
import { useEmptyCache } from "../base/test-cache.ts";
import { withLock } from "../engine/index.ts";
import { componentsOf } from "./components.ts";
import { type FakeEngine, fakeEngine } from "./fake-engine.ts";
import { keysOf } from "./keys.ts";
import { prepareImages } from "./prepare-images.ts";
import { rememberPrepared } from "./prepared-before.ts";

useEmptyCache();
let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
});

/** What a preparation notes that is interrupted when it begins with its work. */
async function notesOfPreparation(): Promise<string[]> {
  const notes: string[] = [];
  const abort = new AbortController();
  const progress: Progress = {
    ...silent,
    note: (text) => void notes.push(text),
    task: (_, work) => {
      abort.abort(new Error("interrupted"));
      return work(silent);
    },
  };
  await expect(prepare(progress, abort.signal)).rejects.toThrow("interrupted");
  return notes;
}

const prepare = (progress: Progress, signal: AbortSignal) =>
  prepareImages({ engine: fake.engine, source: "packages", progress, signal });

it("says that what was prepared is gone from the engine, and is made again", async () => {
  expect(await notesOfPreparation()).toEqual([]);
  await rememberPrepared(await keysOf(componentsOf("packages")));
  expect(await notesOfPreparation()).toEqual([
    expect.stringMatching(/^what was prepared has been removed since.*is made again: .* more$/),
  ]);
});

it("can be interrupted while another preparation is waited for", async () => {
  const release = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const other = withLock(cacheDir("prepare.lock"), () => {
    held.resolve();
    return release.promise;
  });
  await held.promise;
  const abort = new AbortController();
  const told: string[] = [];
  const update = (text: string) => {
    told.push(text);
    abort.abort(new Error("Ctrl-C"));
  };
  const progress: Progress = { ...silent, task: (_, work) => work({ ...silent, update }) };
  await expect(prepare(progress, abort.signal)).rejects.toThrow("Ctrl-C");
  expect(told).toEqual([`waiting for process ${process.pid}, which is preparing them`]);
  release.resolve();
  await other;
});

it("is done once for worlds that start side by side, and fails for both", async () => {
  const started: string[] = [];
  const progress: Progress = {
    ...silent,
    task: async (title) => {
      started.push(title);
      throw new Error("no network");
    },
  };
  const both = await Promise.allSettled([1, 2].map(() => prepare(progress, new AbortController().signal)));
  expect([started, both.map(({ status }) => status)]).toEqual([
    ["Images from packages"],
    ["rejected", "rejected"],
  ]);
});
