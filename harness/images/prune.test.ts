import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Engine } from "../engine/index.ts";
import { lastUsed, touchUsed } from "./last-used.ts";
import { pruneUnused } from "./prune.ts";

const day = 86_400_000;
const now = Date.parse("2026-11-21T12:00:00Z");
const daysAgo = (days: number) => new Date(now - days * day);

let cache: string;
let images: string[];
let inUse: string[];
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "prune-"));
  vi.stubEnv("OPENCODE_HARNESS_CACHE", cache);
  [images, inUse] = [[], []];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true, force: true });
});

/** Lists the images, and removes one unless a container uses it. */
const engine: Engine = {
  kind: "private",
  host: "unix:///nowhere",
  client: "docker",
  environment: {},
  docker: async ([, verb, image = ""]) => {
    if (verb === "ls") return { stdout: images.join("\n"), stderr: "", exitCode: 0 };
    const isRefused = inUse.includes(image);
    if (!isRefused) images = images.filter((candidate) => candidate !== image);
    return { stdout: "", stderr: "", exitCode: isRefused ? 1 : 0 };
  },
};

const folders = () => readdir(join(cache, "built"));

async function make(...names: string[]): Promise<void> {
  for (const name of names) await mkdir(join(cache, "built", name), { recursive: true });
}

it("removes what nothing has needed for 14 days, and tells it", async () => {
  images = ["opencode-harness/node:old", "opencode-harness/node:new"];
  await make("program-old", "program-new");
  await touchUsed(["node-old", "program-old"], daysAgo(15));
  await touchUsed(["node-new", "program-new"], daysAgo(13));
  expect(await pruneUnused(engine, new Set(), now)).toMatch(/^freed \d+\.\d GB: 1 image and 1 folder that/);
  expect(images).toEqual(["opencode-harness/node:new"]);
  expect(await folders()).toEqual(["program-new"]);
  expect(await lastUsed("node-old")).toBeUndefined();
});

it("keeps what is needed now, however old its record", async () => {
  images = ["opencode-harness/node:a"];
  await make("program-a");
  await touchUsed(["node-a", "program-a"], daysAgo(99));
  expect(await pruneUnused(engine, new Set(["node-a", "program-a"]), now)).toBeUndefined();
  expect([images, await folders()]).toEqual([["opencode-harness/node:a"], ["program-a"]]);
});

it("keeps what a container uses", async () => {
  images = inUse = ["opencode-harness/node:kept"];
  await touchUsed(["node-kept"], daysAgo(99));
  expect(await pruneUnused(engine, new Set(), now)).toBeUndefined();
  expect(await lastUsed("node-kept")).toBe(daysAgo(99).getTime());
});

it("gives a record to what has none, and 14 days from then on", async () => {
  await make("program-unknown");
  expect(await pruneUnused(engine, new Set(), now)).toBeUndefined();
  expect(await pruneUnused(engine, new Set(), now + 13 * day)).toBeUndefined();
  expect(await folders()).toEqual(["program-unknown"]);
  expect(await pruneUnused(engine, new Set(), now + 15 * day)).toContain("0 images and 1 folder");
  expect(await folders()).toEqual([]);
});

it("leaves the receipts of volumes to the volumes", async () => {
  await make("mirror-a", "store-a");
  await touchUsed(["mirror-a", "store-a"], daysAgo(99));
  expect(await pruneUnused(engine, new Set(), now)).toBeUndefined();
  expect(await folders()).toHaveLength(2);
});

it("asks for images of the harness only", async () => {
  images = ["somebody/else:1"];
  await touchUsed(["else-1"], daysAgo(99));
  expect(await pruneUnused(engine, new Set(), now)).toBeUndefined();
  expect(images).toHaveLength(1);
});
