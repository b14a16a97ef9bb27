import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { preparedAt, rememberPrepared } from "./prepared-before.ts";

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "prepared-"));
  vi.stubEnv("OPENCODE_HARNESS_CACHE", cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true, force: true });
});

const mine = new Map([["node", "a"]]);
const theirs = new Map([["node", "b"]]);

it("knows what has been prepared, however often another checkout prepares something else", async () => {
  await rememberPrepared(mine, new Date(1_000));
  await rememberPrepared(theirs, new Date(2_000));
  expect([await preparedAt(mine), await preparedAt(theirs)]).toEqual([1_000, 2_000]);
  await rememberPrepared(mine, new Date(3_000));
  expect(await preparedAt(mine)).toBe(3_000);
});

it("knows nothing of what has never been prepared", async () => {
  await rememberPrepared(mine);
  expect(await preparedAt(theirs)).toBeUndefined();
});
