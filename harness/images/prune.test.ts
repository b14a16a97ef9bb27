import { mkdir, readdir } from "node:fs/promises";
import { beforeEach, expect, it } from "vitest";
import { cacheDir } from "../base/index.ts";
import { useEmptyCache } from "../base/test-cache.ts";
import { type FakeEngine, fakeEngine } from "./fake-engine.ts";
import { lastUsed, touchUsed } from "./last-used.ts";
import { createEmptyVolume, settleVolume, volumeOf } from "./prepared-volume.ts";
import { pruneUnused } from "./prune.ts";

const day = 86_400_000;
const now = Date.parse("2026-11-21T12:00:00Z");
const daysAgo = (days: number) => new Date(now - days * day);

useEmptyCache();
let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
});

const prune = (current: string[] = [], at = now) => pruneUnused(fake.engine, new Set(current), at);
const haveImages = (...names: string[]) => names.forEach((name) => void fake.images.add(name));

async function haveVolume(name: string, usedAt: Date): Promise<void> {
  await createEmptyVolume(fake.engine, volumeOf(name));
  await settleVolume(fake.engine, volumeOf(name));
  await touchUsed([name], usedAt);
}

const folders = () => readdir(cacheDir("built"));

async function make(...names: string[]): Promise<void> {
  for (const name of names) await mkdir(cacheDir("built", name), { recursive: true });
}

it("removes what nothing has needed for 14 days, and tells it", async () => {
  haveImages("opencode-harness/node:old", "opencode-harness/node:new");
  await make("program-old", "program-new");
  await touchUsed(["node-old", "program-old"], daysAgo(15));
  await touchUsed(["node-new", "program-new"], daysAgo(13));
  expect(await prune()).toMatch(/^freed \d+\.\d GB: 1 image, 1 folder that/);
  expect([...fake.images]).toEqual(["opencode-harness/node:new"]);
  expect(await folders()).toEqual(["program-new"]);
  expect(await lastUsed("node-old")).toBeUndefined();
});

it("keeps what is needed now, however old its record", async () => {
  haveImages("opencode-harness/node:a");
  await make("program-a");
  await touchUsed(["node-a", "program-a"], daysAgo(99));
  expect(await prune(["node-a", "program-a"])).toBeUndefined();
  expect([[...fake.images], await folders()]).toEqual([["opencode-harness/node:a"], ["program-a"]]);
});

it("keeps what a container uses", async () => {
  haveImages("opencode-harness/node:kept");
  fake.inUse.add("opencode-harness/node:kept");
  await touchUsed(["node-kept"], daysAgo(99));
  expect(await prune()).toBeUndefined();
  expect(await lastUsed("node-kept")).toBe(daysAgo(99).getTime());
});

it("keeps images that this cache has never used: they are another one's", async () => {
  haveImages("opencode-harness/node:of-another-user");
  expect(await prune()).toBeUndefined();
  expect(await prune([], now + 99 * day)).toBeUndefined();
  expect(fake.images.size).toBe(1);
});

it("gives a record to what has none, and 14 days from then on", async () => {
  await make("program-unknown");
  expect(await prune()).toBeUndefined();
  expect(await prune([], now + 13 * day)).toBeUndefined();
  expect(await folders()).toEqual(["program-unknown"]);
  expect(await prune([], now + 15 * day)).toContain(": 1 folder that");
  expect(await folders()).toEqual([]);
});

it("keeps a volume while some checkout needs it now and then, and removes it with its receipt after that", async () => {
  await haveVolume("mirror-a", daysAgo(13));
  await haveVolume("mirror-b", daysAgo(0));
  expect(await prune(["mirror-b"])).toBeUndefined();
  expect(await prune(["mirror-b"], now + 2 * day)).toContain(": 1 volume that");
  expect([...fake.volumes.keys()]).toEqual([volumeOf("mirror-b")]);
  expect(await folders()).toEqual(["mirror-b"]);
});

it("keeps eight volumes of a kind, those used last", async () => {
  for (let days = 1; days <= 10; days++) await haveVolume(`mirror-${days}`, daysAgo(days));
  await haveVolume("store-20", daysAgo(13));
  expect(await prune()).toContain(": 2 volumes that");
  expect(fake.volumes.size).toBe(9);
  expect(fake.volumes.has(volumeOf("mirror-8"))).toBe(true);
  expect(fake.volumes.has(volumeOf("mirror-9"))).toBe(false);
});

it("removes no volume that was looked for within the hour, however many there are", async () => {
  for (let nth = 1; nth <= 12; nth++) await haveVolume(`mirror-${nth}`, new Date(now - nth * 60_000));
  expect(await prune()).toBeUndefined();
});

it("keeps the volume of a cluster, and its receipt", async () => {
  await haveVolume("mirror-a", daysAgo(99));
  fake.inUse.add(volumeOf("mirror-a"));
  expect(await prune()).toBeUndefined();
  expect(await folders()).toEqual(["mirror-a"]);
});

it("removes the receipt of a volume that is not there any more", async () => {
  await haveVolume("mirror-a", daysAgo(99));
  fake.volumes.clear();
  await prune();
  expect(await folders()).toEqual([]);
});

it("asks for images of the harness only", async () => {
  haveImages("somebody/else:1");
  await touchUsed(["else-1"], daysAgo(99));
  expect(await prune()).toBeUndefined();
  expect(fake.images.size).toBe(1);
});
