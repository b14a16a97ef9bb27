import { randomUUID } from "node:crypto";
import { BroadcastChannel } from "node:worker_threads";
import type { WorldDescriptor } from "../world/started-world.ts";
import type { Told } from "./worker/messages.ts";

/**
 * The other end of a worker's channel: the worker asks when it is loaded, and is answered when the world is there, whichever
 * is later.
 */
export class WaitingWorld implements Disposable {
  readonly name = `world-${randomUUID()}`;
  readonly #channel = new BroadcastChannel(this.name);

  /** Where `descriptor` fails, the worker is told that nothing comes. */
  constructor(descriptor: Promise<WorldDescriptor>) {
    descriptor.catch(() => {}); // told to whoever asks
    this.#channel.onmessage = () =>
      descriptor.then(
        (given) => this.#tell({ descriptor: given }),
        () => this.interrupt(),
      );
  }

  /** Whatever the worker is at. */
  interrupt(): void {
    this.#tell("interrupted");
  }

  #tell(told: Told): void {
    this.#channel.postMessage(told);
  }

  [Symbol.dispose](): void {
    this.#channel.close();
  }
}
