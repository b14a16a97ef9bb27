import { BroadcastChannel } from "node:worker_threads";
import { HarnessError } from "../../base/index.ts";
import type { WorldDescriptor } from "../../world/started-world.ts";
import type { Told, Wanted } from "./messages.ts";

/** The worker's end of its channel with whoever runs the scenario. */
export class Entrance implements Disposable {
  readonly #channel: BroadcastChannel;
  readonly #interrupted = new AbortController();
  readonly #world = Promise.withResolvers<WorldDescriptor>();
  readonly #alone = Promise.withResolvers<void>();

  constructor(channelName: string) {
    this.#channel = new BroadcastChannel(channelName);
    this.#channel.unref(); // where nobody joins a world, nobody closes it
    this.#channel.onmessage = (message) => this.#hear((message as { data: Told }).data);
  }

  /** Aborted when the run is interrupted: vitest tells only a step that is running of that. */
  get interrupted(): AbortSignal {
    return this.#interrupted.signal;
  }

  /**
   * The world that the worker may join, as soon as there is one.
   *
   * @throws HarnessError `interrupted` when none will come
   */
  world(): Promise<WorldDescriptor> {
    this.#want("a world");
    return this.#world.promise;
  }

  /**
   * Waits until no other scenario is at work in the world, and has it alone from then on. Again is fine.
   *
   * @throws HarnessError `interrupted`
   */
  alone(): Promise<void> {
    this.#want("to be alone");
    return this.#alone.promise;
  }

  #want(wanted: Wanted): void {
    this.#channel.postMessage(wanted);
  }

  #hear(told: Told): void {
    if (told === "alone") this.#alone.resolve();
    else if (told === "interrupted") this.#giveUp();
    else this.#world.resolve(told.descriptor);
  }

  #giveUp(): void {
    const error = new HarnessError("the run was interrupted", { code: "interrupted" });
    this.#interrupted.abort(error);
    for (const { promise, reject } of [this.#world, this.#alone]) {
      promise.catch(() => {}); // where nobody waits for it
      reject(error);
    }
  }

  [Symbol.dispose](): void {
    this.#channel.close();
  }
}
