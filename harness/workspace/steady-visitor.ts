import { setTimeout as delay } from "node:timers/promises";
import { HarnessError, type ManifestPlace, messageOf } from "../base/index.ts";
import type { Workspace } from "./workspace.ts";

const defaultPauseMs = 100;
/** Longer than a busy OpenCode takes: only what the gateway loses counts as lost. */
const answerWithinMs = 20_000;

/** What went on while somebody asked, and what to mend when an answer did not come. */
export interface Meanwhile {
  /** For instance `the certificate was renewed`. */
  what: string;
  remedy: string;
  look: readonly ManifestPlace[];
}

/**
 * Somebody who asks again and again, on a new connection each time, so that each request is a TLS handshake with the
 * certificate of that moment. Disposing ends it.
 */
export class SteadyVisitor implements AsyncDisposable {
  readonly #user: Workspace;
  readonly #pauseMs: number;
  readonly #failures: string[] = [];
  readonly #over = new AbortController();
  readonly #asking: Promise<void>;
  #answered = 0;

  constructor(user: Workspace, { pauseMs = defaultPauseMs } = {}) {
    this.#user = user;
    this.#pauseMs = pauseMs;
    this.#asking = this.#ask();
  }

  async #ask(): Promise<void> {
    while (!this.#over.signal.aborted) {
      try {
        const { status, body } = await this.#user.api.send("/path", { timeoutMs: answerWithinMs });
        if (status === 200) this.#answered += 1;
        else this.#failures.push(`answered ${status} ${body.slice(0, 100)}`);
      } catch (error) {
        this.#failures.push(messageOf(error));
      }
      await delay(this.#pauseMs, undefined, { signal: this.#over.signal }).catch(() => {});
    }
  }

  /** Every request until now had its answer, or this throws; returns how many there were. */
  expectAnswered({ what, remedy, look }: Meanwhile): number {
    const [first] = this.#failures;
    if (first === undefined) return this.#answered;
    const all = this.#failures.length + this.#answered;
    throw new HarnessError(
      `${this.#failures.length} of ${all} requests to ${this.#user.name} failed while ${what}: ${first}`,
      { code: "failed", details: this.#failures.join("\n"), remedy, look },
    );
  }

  /** Ends it after the request that is on its way; then as `expectAnswered`. */
  async settle(meanwhile: Meanwhile): Promise<number> {
    this.#over.abort();
    await this.#asking;
    return this.expectAnswered(meanwhile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#asking;
  }
}
