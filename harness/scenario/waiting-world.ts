import { randomUUID } from "node:crypto";
import { BroadcastChannel } from "node:worker_threads";
import type { WorldDescriptor } from "../world/started-world.ts";
import type { Told, Wanted } from "./worker/messages.ts";

/** What a worker may want of whoever runs it. */
interface Offers {
  /** Where it fails, the worker is told that nothing comes. */
  descriptor: Promise<WorldDescriptor>;
  /** Resolves when the scenario has the world to itself. */
  alone: () => Promise<void>;
}

/**
 * The other end of a worker's channel: the worker asks when it is loaded, and is answered when the world is there, whichever
 * is later.
 */
export class WaitingWorld implements Disposable {
  readonly name = `world-${randomUUID()}`;
  readonly #channel = new BroadcastChannel(this.name);
  readonly #offers: Offers;
  #alone: Promise<void> | undefined;
  #isClosed = false;
  #isInterrupted = false;

  constructor(offers: Offers) {
    offers.descriptor.catch(() => {}); // told to whoever asks
    this.#offers = offers;
    this.#channel.onmessage = (message) => {
      this.#answer((message as { data: Wanted }).data).then(
        (told) => this.#tell(told),
        () => this.interrupt(),
      );
    };
  }

  async #answer(wanted: Wanted): Promise<Told> {
    const { descriptor, alone } = this.#offers;
    const told: Told =
      wanted === "a world" ? { descriptor: await descriptor } : await this.#untilAlone(alone);
    return this.#isInterrupted ? "interrupted" : told;
  }

  async #untilAlone(alone: () => Promise<void>): Promise<Told> {
    this.#alone ??= alone();
    await this.#alone;
    return "alone";
  }

  /** Whatever the worker is at; one that is not loaded yet is told when it asks. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#tell("interrupted");
  }

  #tell(told: Told): void {
    if (!this.#isClosed) this.#channel.postMessage(told);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#channel.close();
  }
}
