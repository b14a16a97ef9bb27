import { beforeEach, expect, it } from "vitest";
import { cacheDir, silent } from "../../base/index.ts";
import { useEmptyCache } from "../../base/test-cache.ts";
import type { Job } from "../component.ts";
import { type FakeEngine, fakeEngine } from "../fake-engine.ts";
import { touchUsed } from "../last-used.ts";
import {
  completeVolumes,
  createEmptyVolume,
  receiptNameOf,
  settleVolume,
  volumeOf,
} from "../prepared-volume.ts";
import { recreateFromPredecessor } from "./mirror.ts";

useEmptyCache();
let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
});

async function fill(volume: string, usedAt: number): Promise<void> {
  await createEmptyVolume(fake.engine, volume);
  await settleVolume(fake.engine, volume);
  await touchUsed([receiptNameOf(volume)], new Date(usedAt));
}

function jobFor(output: string): Job {
  const docker: Job["docker"] = async (args) => {
    await fake.engine.docker(args);
  };
  return {
    directory: cacheDir(),
    output,
    engine: fake.engine,
    task: silent,
    signal: new AbortController().signal,
    building: new Set(),
    outputOf: (name) => name,
    run: () => Promise.reject(new Error("nothing is run here")),
    docker,
  };
}

const [theirs, older, mine] = [
  () => volumeOf("mirror-a"),
  () => volumeOf("mirror-b"),
  () => volumeOf("mirror-c"),
];

it("keeps the volumes that other checkouts run on, and starts from the one used last", async () => {
  await fill(older(), 1_000);
  await fill(theirs(), 2_000);
  await fill(volumeOf("store-z"), 3_000);
  fake.calls.length = 0;
  await recreateFromPredecessor(jobFor(mine()));
  expect(fake.calls.filter((call) => call.startsWith("run"))).toEqual([
    expect.stringContaining(`--volume ${theirs()}:/from:ro --volume ${mine()}:/to`),
  ]);
  expect(await completeVolumes(fake.engine)).toContain(theirs());
  expect(await completeVolumes(fake.engine)).toContain(older());
});

it("starts from nothing where no volume is complete", async () => {
  await createEmptyVolume(fake.engine, theirs());
  await recreateFromPredecessor(jobFor(mine()));
  expect(fake.calls.some((call) => call.startsWith("run"))).toBe(false);
  expect(fake.volumes.has(theirs())).toBe(true);
});
