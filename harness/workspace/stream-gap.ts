import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { EventStream } from "./event-stream.ts";
import { type HeldStream, seconds } from "./held-stream.ts";
import type { Workspace } from "./workspace.ts";

/** A request that reached the old pod at its end is never answered; a person loads the page again. */
const patienceMs = 3_000;

/**
 * Follows what a person sees whose browser reconnects: waits until the stream is cut, opens the event stream again as
 * soon as OpenCode answers, and tells how long there was nothing.
 */
export async function gapOf(stream: HeldStream, user: Workspace, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  await Promise.race([stream.record.untilCut, once(signal, "abort")]);
  while (!signal.aborted) {
    try {
      await using again = await EventStream.open(user, `${stream.name}, opened again`, {
        openWithinMs: patienceMs,
      });
      if (await again.record.until((bytes) => bytes.length > 0, 5_000))
        return again.record.lastAt - stream.record.lastAt;
    } catch {
      await delay(200); // what the gateway says while it has no backend; there is nothing to watch from outside
    }
  }
  throw signal.reason;
}

/** What a cut took: what was sent and never came. */
export async function lostOn(stream: HeldStream): Promise<string> {
  const { account, trouble } = await stream.settle();
  const { cut } = stream.record;
  return `${stream.name}: ${cut ? `cut after ${seconds(cut.afterMs)} (${cut.why})` : "never cut"}; ${account}${trouble === undefined ? ", nothing was lost" : `; ${trouble}`}`;
}
