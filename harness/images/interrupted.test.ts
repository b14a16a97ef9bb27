import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { labelNames, labelsOf, ownerOf } from "../base/index.ts";
import { endedOwner } from "../base/test-owner.ts";
import { type FakeEngine, fakeEngine } from "./fake-engine.ts";
import { preparationLabel, removeInterrupted } from "./interrupted.ts";
import { withTag } from "./push-tags.ts";

let ended: string;
beforeAll(async () => {
  ended = await endedOwner();
});

let dir: string;
let fake: FakeEngine;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "interrupted-"));
  inCache("own");
  fake = fakeEngine();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const inCache = (name: string) => vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, name));

function labels(owner: string): Map<string, string> {
  const [name = "", value = ""] = preparationLabel.split("=");
  return new Map(Object.entries({ ...labelsOf("images-1"), [labelNames.owner]: owner, [name]: value }));
}

/** A container and a network of a preparation that the current cache has made. */
function have(id: string, owner: string): void {
  fake.containers.set(id, labels(owner));
  fake.networks.set(`${id}-network`, labels(owner));
}

it("removes what ended preparations of this cache have left, and what this process left itself", async () => {
  have("dead", ended);
  have("own", ownerOf(process.pid));
  await removeInterrupted(fake.engine);
  expect([...fake.containers.keys(), ...fake.networks.keys()]).toEqual([]);
});

it("leaves the preparations of others alone, which run on the same engine", async () => {
  have("living", ownerOf(process.ppid));
  have("elsewhere", "another-boot/1/1/1/another-machine/box");
  inCache("of-another-user");
  have("theirs", ended);
  inCache("own");
  await removeInterrupted(fake.engine);
  expect([...fake.containers.keys()]).toEqual(["living", "elsewhere", "theirs"]);
  expect([...fake.networks.keys()]).toHaveLength(3);
});

const tag = "127.0.0.1:32768/fluxcd/source-controller:v1";

/** Ends where a kill -9 would: after the push, with the tag there. */
async function killedPush(): Promise<void> {
  fake.images.add("ours:1");
  const work = withTag(fake.engine, { image: "ours:1", tag }, () => new Promise(() => {}));
  work.catch(() => {});
  await vi.waitFor(() => expect(fake.images).toContain(tag));
}

it("removes the tags that a killed push left, and no others of that address", async () => {
  fake.images.add("127.0.0.1:5000/of-the-user:1");
  await killedPush();
  await removeInterrupted(fake.engine);
  expect([...fake.images]).toEqual(["127.0.0.1:5000/of-the-user:1", "ours:1"]);
});

it("leaves a tag that somebody has given to an image of his meanwhile", async () => {
  await killedPush();
  fake.images.add("theirs:1");
  await fake.engine.docker(["tag", "theirs:1", tag]);
  await removeInterrupted(fake.engine);
  expect(fake.images).toContain(tag);
});

it("leaves the tags of another cache's push", async () => {
  inCache("of-another-user");
  await killedPush();
  inCache("own");
  await removeInterrupted(fake.engine);
  expect(fake.images).toContain(tag);
});

it("takes the name away after the push, also after one that fails", async () => {
  fake.images.add("ours:1");
  const push = withTag(fake.engine, { image: "ours:1", tag }, () => Promise.reject(new Error("broken pipe")));
  await expect(push).rejects.toThrow("broken pipe");
  expect([...fake.images]).toEqual(["ours:1"]);
});
