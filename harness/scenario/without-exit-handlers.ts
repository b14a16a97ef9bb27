import type { EventEmitter } from "node:events";

const events = ["SIGINT", "SIGTERM", "unhandledRejection"] as const;

/**
 * Vitest ends the process 1 ms after a signal or an unhandled rejection; the clusters would stay behind.
 * What `start` adds of such listeners is taken away again: the command line has its own.
 */
export async function withoutExitHandlers<T>(start: () => Promise<T>): Promise<T> {
  const emitter: EventEmitter = process;
  const before = new Map(events.map((event) => [event, new Set(emitter.listeners(event))]));
  const started = await start();
  for (const event of events) {
    for (const listener of emitter.listeners(event)) {
      if (!before.get(event)?.has(listener)) emitter.off(event, listener as () => void);
    }
  }
  return started;
}
