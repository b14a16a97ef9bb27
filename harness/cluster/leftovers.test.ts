import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { labelNames, labelsOf, poolVolumeOf } from "../base/index.ts";
import { endedOwner } from "../base/test-owner.ts";
import { type FakeDocker, fakeDocker, type Thing } from "./fake-docker.ts";
import { markKept } from "./kept-run.ts";
import { removeKept, removeLeftovers, removeRun } from "./leftovers.ts";

let ended: string;
beforeAll(async () => {
  ended = await endedOwner();
});

let fake: FakeDocker;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "leftovers-"));
  inCache("own");
  fake = await fakeDocker();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await fake[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

const inCache = (name: string) => vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, name));
const names = () => fake.things.map(({ name }) => name).sort();

/** The things of a run, as the command of the current cache makes them; `owner` is that of another process. */
function have(runId: string, owner?: string, more: Record<string, string> = {}): void {
  const labels = { ...labelsOf(runId), ...(owner ? { [labelNames.owner]: owner } : {}), ...more };
  const things: Thing[] = [
    { kind: "containers", name: `${runId}-server`, labels, image: "node:1" },
    { kind: "networks", name: `${runId}-network`, labels },
    { kind: "volumes", name: poolVolumeOf(runId), labels },
  ];
  fake.things.push(...things);
}

const thingsOf = (...runIds: string[]) => expect.arrayContaining(runIds.map((id) => `${id}-server`));

it("removes what ended commands have left, and all of it", async () => {
  have("dead", ended);
  expect(await removeLeftovers(fake.docker)).toEqual(["dead"]);
  expect(names()).toEqual([]);
});

it("leaves alone what is at work, what others have on the engine, and what is of no run", async () => {
  have("mine");
  have("elsewhere", "another-boot/1/1/1/another-machine/box");
  have("of-another-version", "box/1/1");
  inCache("of-another-user");
  have("theirs", ended);
  inCache("own");
  fake.things.push({ kind: "volumes", name: "database", labels: { "com.example": "true" } });
  const before = names();
  expect(await removeLeftovers(fake.docker)).toEqual([]);
  expect(names()).toEqual(before);
});

it("takes a run for alive as long as anything of it may have a living owner", async () => {
  have("run", ended);
  fake.things.push({ kind: "containers", name: "late", labels: labelsOf("run") });
  expect(await removeLeftovers(fake.docker)).toEqual([]);
});

it("removes nothing of another cache whose run is called the same", async () => {
  have("run", ended);
  inCache("of-another-user");
  fake.things.push({ kind: "containers", name: "theirs", labels: labelsOf("run") });
  inCache("own");
  await removeRun("run", fake.docker);
  expect(names()).toEqual(["theirs"]);
});

it("keeps what was kept, whichever cache looks, until its own says down", async () => {
  have("kept", ended);
  await mkdir(join(dir, "access"));
  await markKept({ runId: "kept", runDir: dir }, fake.docker);
  expect(await removeLeftovers(fake.docker)).toEqual([]);
  inCache("of-another-user");
  expect([...(await removeLeftovers(fake.docker)), ...(await removeKept(fake.docker))]).toEqual([]);
  expect(names()).toEqual(thingsOf("kept"));
  inCache("own");
  expect(await removeKept(fake.docker)).toEqual(["kept"]);
  expect(names()).toEqual([]);
  expect(existsSync(join(dir, "access"))).toBe(false);
});

it("a kept run stays kept when the cache is gone", async () => {
  have("kept", ended);
  await markKept({ runId: "kept", runDir: dir }, fake.docker);
  await rm(join(dir, "own"), { recursive: true, force: true });
  expect(await removeLeftovers(fake.docker)).toEqual([]);
});

it("empties the nodes' directories in the store, with their own image", async () => {
  fake.things.push({ kind: "volumes", name: "store", labels: {} });
  have("run", undefined, { [labelNames.store]: "store" });
  await removeRun("run", fake.docker);
  expect(fake.ran).toEqual(["rm -rf /var/lib/harness/nodes/run-*"]);
  expect(names()).toEqual(["store"]);
});

it("makes no store anew where there is none any more", async () => {
  have("run", undefined, { [labelNames.store]: "gone" });
  await removeRun("run", fake.docker);
  expect(names()).toEqual([]);
});
