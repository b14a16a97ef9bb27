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
  #arrived = Promise.withResolvers<void>();

  constructor(ended: AbortSignal) {
    this.#ended = ended;
    ended.addEventListener("abort", () => this.#arrived.resolve(), { once: true });
  }

  push(kind: Cause["kind"], at = Date.now()): void {
    this.#next = { kind, at };
    this.#arrived.resolve();
  }

  /** The next one, as soon as there is one; undefined when there will be none. */
  async take(): Promise<Cause | undefined> {
    if (!this.#ended.aborted) await this.#arrived.promise;
    if (this.#ended.aborted) return undefined;
    const next = this.#next;
    this.#next = undefined;
    this.#arrived = Promise.withResolvers();
    return next;
  }

  /** Aborted as soon as the next one is there. */
  overtaking(): AbortSignal {
    const abort = new AbortController();
    void this.#arrived.promise.then(() => abort.abort());
    return abort.signal;
  }
}
