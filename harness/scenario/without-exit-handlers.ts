import type { EventEmitter } from "node:events";

const events: readonly (string | symbol)[] = ["SIGINT", "SIGTERM", "unhandledRejection"];
const emitter: EventEmitter = process;

/** How many are under way: a round's scenarios are loaded at once. */
let starting = 0;

/**
 * Vitest ends the process 1 ms after a signal or an unhandled rejection; the clusters would stay behind.
 * What is added of such listeners while `start` is under way is taken away again: the command line has its own. At once,
 * since a signal can come long before `start` is done.
 */
export async function withoutExitHandlers<T>(start: () => Promise<T>): Promise<T> {
  if (starting++ === 0) emitter.on("newListener", takeAway);
  try {
    return await start();
  } finally {
    if (--starting === 0) emitter.off("newListener", takeAway);
  }
}

/** It is told of a listener before that is added; no signal comes between that and a microtask. */
function takeAway(event: string | symbol, listener: () => void): void {
  if (events.includes(event)) queueMicrotask(() => emitter.off(event, listener));
}
