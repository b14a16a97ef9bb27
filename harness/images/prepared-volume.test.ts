import { beforeEach, expect, it, vi } from "vitest";
import { cacheDir } from "../base/index.ts";
import { useEmptyCache } from "../base/test-cache.ts";
import { type FakeEngine, fakeEngine } from "./fake-engine.ts";
import {
  completeVolumes,
  createEmptyVolume,
  requireComplete,
  settleVolume,
  volumeOf,
} from "./prepared-volume.ts";

useEmptyCache();
let fake: FakeEngine;
beforeEach(() => {
  volume = volumeOf("mirror-0a");
  fake = fakeEngine();
});

let volume: string;

async function fill(name: string): Promise<void> {
  await createEmptyVolume(fake.engine, name);
  await settleVolume(fake.engine, name);
}

const complete = async () => [...(await completeVolumes(fake.engine))];

it("counts a volume as there once it is full", async () => {
  await createEmptyVolume(fake.engine, volume);
  expect(await complete()).toEqual([]);
  await settleVolume(fake.engine, volume);
  expect(await complete()).toEqual([volume]);
});

it("does not take for full what the engine has made anew under the same name", async () => {
  await fill(volume);
  fake.volumes.delete(volume);
  await fake.engine.docker(["run", "--volume", `${volume}:/var/lib/registry:ro`, "registry"]);
  expect(fake.volumes.has(volume)).toBe(true);
  expect(await complete()).toEqual([]);
  await expect(requireComplete(fake.engine, [volume])).rejects.toMatchObject({
    code: "environment",
    message: expect.stringContaining(volume),
  });
});

it("lets pass what is mounted as it was prepared", async () => {
  await fill(volume);
  await fill(volumeOf("store-0b"));
  await requireComplete(fake.engine, [volume, volumeOf("store-0b")]);
});

it("neither takes nor removes another cache's volume, though that has the same content", async () => {
  await fill(volume);
  vi.stubEnv("OPENCODE_HARNESS_CACHE", cacheDir("another"));
  expect(await complete()).toEqual([]);
  await fill(volumeOf("mirror-0a"));
  expect([...fake.volumes.keys()]).toEqual([volume, volumeOf("mirror-0a")]);
});

it("says that a volume went away while it was filled", async () => {
  await createEmptyVolume(fake.engine, volume);
  fake.volumes.delete(volume);
  await expect(settleVolume(fake.engine, volume)).rejects.toThrow("was removed");
});

it("is not full while it is filled a second time", async () => {
  await fill(volume);
  await createEmptyVolume(fake.engine, volume);
  expect(await complete()).toEqual([]);
});
