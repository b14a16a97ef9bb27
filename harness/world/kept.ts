import { HarnessError } from "../base/index.ts";

/** How long giving back may take, in milliseconds. */
const limits = {
  /** A node that was killed is back after some 10 s; its waits end after 60 s, on a loaded machine after 120 s. */
  deadlineMs: 150_000,
  /** The world of an interrupted run is removed next, whatever state it is in; CI kills a run 7.5 s after it has asked. */
  interruptedMs: 2_000,
};

/** What a scenario has open beyond a step; all of it is given back at the end, or as much as there is time for. */
export class Kept implements AsyncDisposable {
  readonly #things = new AsyncDisposableStack();
  readonly #begun: Promise<unknown>[] = [];
  readonly #interrupted: AbortSignal;
  readonly #limits: typeof limits;

  constructor(interrupted: AbortSignal, { deadlineMs, interruptedMs } = limits) {
    this.#interrupted = interrupted;
    this.#limits = { deadlineMs, interruptedMs };
  }

  /** Disposes of it at the end; what was kept last goes first. */
  keep<T extends AsyncDisposable>(thing: T): T {
    return this.#things.use(thing);
  }

  /** What its step may have left while it was being started: the end waits until it is there, or has failed. */
  begin<T>(start: Promise<T>): Promise<T> {
    this.#begun.push(start);
    return start;
  }

  /** Throws when giving back takes too long; an interrupted run leaves the rest to the removal of its world. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { deadlineMs, interruptedMs } = this.#limits;
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    const timers = [setTimeout(() => reject(tooLate(deadlineMs)), deadlineMs)];
    const hurry = () => timers.push(setTimeout(resolve, interruptedMs));
    if (this.#interrupted.aborted) hurry();
    else this.#interrupted.addEventListener("abort", hurry, { once: true });
    Promise.all([this.#things.disposeAsync(), Promise.allSettled(this.#begun)]).then(() => resolve(), reject);
    try {
      await ended;
    } finally {
      this.#interrupted.removeEventListener("abort", hurry);
      for (const timer of timers) clearTimeout(timer);
    }
  }
}

function tooLate(deadlineMs: number): HarnessError {
  return new HarnessError(`what the scenario had kept was not given back within ${deadlineMs / 1000} s`, {
    code: "environment",
    remedy: "npm run doctor: a node that does not come back, or a cluster that does not answer, is too busy",
  });
}
