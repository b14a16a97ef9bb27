import type { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withoutExitHandlers } from "./without-exit-handlers.ts";

const events = ["SIGINT", "SIGTERM", "unhandledRejection"];
const emitter: EventEmitter = process;
const listeners = () => events.flatMap((event) => emitter.listeners(event));
const ours = () => {};
let before: unknown[];

beforeEach(() => {
  emitter.on("SIGINT", ours);
  before = listeners();
});
afterEach(() => {
  for (const event of events) emitter.off(event, ours);
});

/** As vitest does it: its listeners are there long before it is made ready. */
async function listenAndStart(ms: number): Promise<string> {
  emitter.once("SIGINT", () => {});
  emitter.once("SIGTERM", () => {});
  emitter.on("unhandledRejection", () => {});
  await delay(ms);
  return "ready";
}

it("leaves a signal that comes during the start to our listeners alone", async () => {
  const starting = withoutExitHandlers(() => listenAndStart(20));
  await delay(1);
  expect(listeners()).toEqual(before);
  expect(await starting).toBe("ready");
  expect(listeners()).toEqual(before);
});

it("keeps to that in starts that overlap, until the last of them is done", async () => {
  const watching = emitter.listenerCount("newListener");
  const long = withoutExitHandlers(async () => {
    await delay(20);
    return listenAndStart(20);
  });
  await withoutExitHandlers(() => listenAndStart(5));
  expect(emitter.listenerCount("newListener")).toBe(watching + 1);
  await delay(20);
  expect(listeners()).toEqual(before);
  await long;
  expect(listeners()).toEqual(before);
  expect(emitter.listenerCount("newListener")).toBe(watching);
});

it("takes away what a start has left that failed, and nothing that comes later", async () => {
  const failing = withoutExitHandlers(async () => {
    await listenAndStart(1);
    throw new Error("no vitest");
  });
  await expect(failing).rejects.toThrow("no vitest");
  expect(listeners()).toEqual(before);
  emitter.on("SIGTERM", ours);
  await delay(1);
  expect(emitter.listeners("SIGTERM")).toContain(ours);
});
