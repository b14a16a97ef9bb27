import { WarmWorld } from "../warm/index.ts";
import type { Session } from "./run-session.ts";
import { finishWorld, openWorld, type WorldChoices } from "./world-run.ts";

export interface SideBySide<T> {
  /** How many worlds at most; the first takes what comes first, and each the next when it is done. */
  worlds: number;
  line: Iterable<T>;
  work(warm: WarmWorld, item: T): Promise<void>;
  /** Whether there is something to look into in a world that is kept on failure. */
  hasFailed(): boolean;
}

/** A line of work, done in as many warm worlds at once as are wanted; each is put back or replaced between its items. */
export async function sideBySide<T>(
  session: Session,
  choices: WorldChoices,
  { worlds, line, work, hasFailed }: SideBySide<T>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([session.signal, stop.signal]);
  const waiting = line[Symbol.iterator]();
  const inOne = async (number: number): Promise<void> => {
    await using warm = new WarmWorld({
      progress: session.progress,
      open: (edit) => unlessStopped(stop.signal, session, (until) => openWorld(until, choices, edit, number)),
    });
    try {
      for (let next = waiting.next(); !next.done; next = waiting.next()) {
        signal.throwIfAborted();
        await work(warm, next.value);
      }
    } finally {
      const end = { keep: choices.keep, hasFailed: hasFailed(), number };
      if (warm.standing) await finishWorld(session, warm.standing, end);
    }
  };
  const numbers = Array.from({ length: worlds }, (_, index) => index + 1);
  const ended = await Promise.allSettled(
    numbers.map(async (number) => {
      try {
        await inOne(number);
      } catch (error) {
        stop.abort(error); // the others end after the item that they are at
        throw error;
      }
    }),
  );
  const broken = ended.find((one) => one.status === "rejected");
  if (broken) throw broken.reason;
}

/** What is broken for one world is for the others too: those that only start end at once. A world that is there goes on. */
async function unlessStopped<T>(
  stop: AbortSignal,
  session: Session,
  open: (session: Session) => Promise<T>,
): Promise<T> {
  const starting = new AbortController();
  const end = () => starting.abort(stop.reason);
  stop.addEventListener("abort", end, { once: true });
  try {
    return await open({ ...session, signal: AbortSignal.any([session.signal, starting.signal]) });
  } finally {
    stop.removeEventListener("abort", end);
  }
}
