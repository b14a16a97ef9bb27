import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { loadImages, saveImages } from "./archive.ts";
import { type FakeEngine, fakeEngine } from "./fake-engine.ts";
import { preparedAt, rememberPrepared } from "./prepared-before.ts";
import { completeVolumes, createEmptyVolume, settleVolume, volumeOf } from "./prepared-volume.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "archive-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const images = ["opencode-harness/registry:aa", "opencode-harness/node:bb"];
const mirror = () => volumeOf("mirror-c0ffee");

/** A cache and an engine in which these are prepared, beside what belongs to others. */
async function prepared(): Promise<FakeEngine> {
  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "first"));
  await rememberPrepared(new Map([["node", "bb"]]));
  const fake = fakeEngine();
  for (const image of [...images, "opencode-harness/node:of-another-checkout"]) fake.images.add(image);
  for (const volume of [mirror(), volumeOf("mirror-0dd")]) {
    await createEmptyVolume(fake.engine, volume);
    await settleVolume(fake.engine, volume);
  }
  fake.volumes.set("opencode-harness-20261121-1203-all-ab12-pool", new Map());
  fake.calls.length = 0;
  return fake;
}

it("brings images, the mirror and its receipt to another machine, and no key", async () => {
  const first = await prepared();
  const archive = join(dir, "archive");
  await saveImages(first.engine, archive, { images, volumes: [mirror()] });
  expect(first.calls).toContainEqual(
    `save --output ${archive}/images.tar opencode-harness/registry:aa opencode-harness/node:bb`,
  );

  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "second"));
  const second = fakeEngine();
  await loadImages(second.engine, archive);
  expect(second.calls).toContainEqual(expect.stringMatching(/^load --quiet/));
  expect(second.calls).toContainEqual(
    expect.stringMatching(
      new RegExp(`^run --rm .*--volume ${mirror()}:/volume .*/archive/mirror-c0ffee.tar`),
    ),
  );
  expect(await completeVolumes(second.engine)).toEqual(new Set([mirror()]));
  expect((await readdir(archive)).sort()).toEqual(["contents.json", "prepared"]);
  expect(await preparedAt(new Map([["node", "bb"]]))).toBeDefined();
});

it("leaves the volumes of clusters and of other checkouts alone", async () => {
  const { engine, calls } = await prepared();
  await saveImages(engine, join(dir, "archive"), { images, volumes: [mirror()] });
  expect(calls.filter((call) => call.startsWith("run"))).toHaveLength(1);
});

it("says so when nothing is prepared", async () => {
  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "none"));
  await expect(saveImages(fakeEngine().engine, join(dir, "archive"))).rejects.toThrow("not prepared");
});

it("says so when a volume is gone", async () => {
  const { engine, volumes: found } = await prepared();
  found.delete(mirror());
  await expect(saveImages(engine, join(dir, "archive"), { images, volumes: [mirror()] })).rejects.toThrow(
    "not prepared",
  );
});
