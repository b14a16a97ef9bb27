import { BroadcastChannel } from "node:worker_threads";
import { HarnessError } from "../../base/index.ts";
import type { WorldDescriptor } from "../../world/started-world.ts";
import { type Told, worldWanted } from "./messages.ts";

/** Where the worker joins the world. Disposing ends the conversation. */
export interface Entrance extends Disposable {
  descriptor: WorldDescriptor;
  /** Aborted when the run is interrupted: vitest tells only a step that is running of that. */
  interrupted: AbortSignal;
}

/**
 * Asks whoever runs the scenario for its world, and waits until there is one.
 *
 * @throws HarnessError `interrupted` when none will come
 */
export async function entranceThrough(channelName: string): Promise<Entrance> {
  const channel = new BroadcastChannel(channelName);
  const interrupted = new AbortController();
  const { promise: given, resolve, reject } = Promise.withResolvers<WorldDescriptor>();
  channel.onmessage = (message) => {
    const told = (message as { data: Told }).data;
    if (told !== "interrupted") return resolve(told.descriptor);
    interrupted.abort(new HarnessError("the run was interrupted", { code: "interrupted" }));
    reject(interrupted.signal.reason);
  };
  channel.postMessage(worldWanted);
  try {
    const descriptor = await given;
    return { descriptor, interrupted: interrupted.signal, [Symbol.dispose]: () => channel.close() };
  } catch (error) {
    channel.close();
    throw error;
  }
}
