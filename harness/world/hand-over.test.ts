import { setTimeout as delay } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { orAborted } from "../base/index.ts";
import { handOver } from "./hand-over.ts";

/** Its cluster does not answer: what it has asked last never ends. */
const fakeWorld = () => ({ stopWatching: vi.fn(() => new Promise<void>(() => {})) });
const { signal } = new AbortController();

it("hands over a world that goes on watching", async () => {
  const world = fakeWorld();
  expect(await handOver(world, { work: async () => {}, signal })).toBe(world);
  expect(world.stopWatching).not.toHaveBeenCalled();
});

it("ends the watches of a world whose first work fails, and throws that", async () => {
  const world = fakeWorld();
  const work = () => Promise.reject(new Error("push refused"));
  await expect(handOver(world, { work, signal })).rejects.toThrow("push refused");
  expect(world.stopWatching).toHaveBeenCalledOnce();
});

it("ends those of a world that is there only after the start was given up", async () => {
  const world = fakeWorld();
  const start = new AbortController();
  const work = handOver(world, { work: () => delay(20), signal: start.signal });
  const given = orAborted(start.signal, work);
  start.abort(new Error("interrupted"));
  await expect(given).rejects.toThrow("interrupted");
  await expect(work).rejects.toThrow("interrupted");
  expect(world.stopWatching).toHaveBeenCalledOnce();
});
