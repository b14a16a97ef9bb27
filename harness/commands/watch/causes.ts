import { once } from "node:events";

/** Why a round begins. */
export interface Cause {
  kind: "start" | "save" | "again";
  /** When, in milliseconds since the epoch. */
  at: number;
}

/** What shall begin the next round; of several at once the last counts. No round begins after `ended`. */
export class Causes {
  readonly #ended: AbortSignal;
  #next: Cause | undefined;
  /**
   * Held here until the next is taken: AbortSignal.any holds its sources weakly, and one that is aborted and collected
   * before anybody has looked is never seen to be.
   */
  #arrived = new AbortController();

  constructor(ended: AbortSignal) {
    this.#ended = ended;
    ended.addEventListener("abort", () => this.#arrived.abort(), { once: true });
  }

  push(kind: Cause["kind"], at = Date.now()): void {
    this.#next = { kind, at };
    this.#arrived.abort();
  }

  /** The next one, as soon as there is one; undefined when there will be none. */
  async take(): Promise<Cause | undefined> {
    const { signal } = this.#arrived;
    if (!this.#ended.aborted && !signal.aborted) await once(signal, "abort");
    if (this.#ended.aborted) return undefined;
    const next = this.#next;
    this.#next = undefined;
    this.#arrived = new AbortController();
    return next;
  }

  /** Aborted as soon as the next one is there. */
  overtaking(): AbortSignal {
    return this.#arrived.signal;
  }
}
