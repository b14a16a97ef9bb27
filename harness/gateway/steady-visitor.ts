import { setTimeout as delay } from "node:timers/promises";
import { HarnessError, messageOf } from "../base/index.ts";
import type { Workspace } from "../workspace/index.ts";

const pauseMs = 100;
/** Longer than a busy OpenCode takes: only what the gateway loses counts as lost. */
const answerWithinMs = 20_000;

/**
 * Somebody who asks again and again, on a new connection each time, so that each request is a TLS handshake with the
 * certificate of that moment. Disposing ends it.
 */
export class SteadyVisitor implements AsyncDisposable {
  readonly #user: Workspace;
  readonly #failures: string[] = [];
  readonly #over = new AbortController();
  readonly #asking: Promise<void>;
  #answered = 0;

  constructor(user: Workspace) {
    this.#user = user;
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
      await delay(pauseMs, undefined, { signal: this.#over.signal }).catch(() => {});
    }
  }

  /** Ends it after the request that is on its way. Every one had its answer, or this throws; returns how many there were. */
  async settle(): Promise<number> {
    this.#over.abort();
    await this.#asking;
    const [first] = this.#failures;
    if (first === undefined) return this.#answered;
    const all = this.#failures.length + this.#answered;
    throw new HarnessError(
      `${this.#failures.length} of ${all} requests to ${this.#user.name} failed while the certificate was renewed: ${first}`,
      {
        code: "failed",
        details: this.#failures.join("\n"),
        remedy:
          "let one Secret hold the certificate before, during and after the renewal, and one Gateway serve it (pitfall 9)",
        look: [{ kind: "Certificate", field: ["spec"] }],
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#asking;
  }
}
