import { setTimeout as delay } from "node:timers/promises";
import { HarnessError } from "../base/index.ts";
import { trafficPolicy } from "../diagnosis/index.ts";
import type { StreamRecord } from "./stream-record.ts";

/** A stream of a workspace that somebody keeps open, through the gateway. Disposing closes it. */
export interface HeldStream extends AsyncDisposable {
  /** For instance `the busy terminal of opencode-flux`. */
  readonly name: string;
  readonly record: StreamRecord;
  /**
   * Ends the traffic and waits for what is still on its way. Returns what came, in words; `trouble` says exactly what
   * did not, or came in another order.
   */
  settle(): Promise<{ account: string; trouble?: string }>;
}

/** What keeps a stream of this name open, and where that stands. */
function mending(name: string) {
  const workspace = name.split(" ").at(-1) ?? "";
  return {
    remedy: `a BackendTrafficPolicy in the route's namespace must target HTTPRoute ${workspace} with requestTimeout: 0s, and no ClientTrafficPolicy may end idle streams (pitfall 4)`,
    look: [
      trafficPolicy(workspace, "spec", "timeout", "http", "requestTimeout"),
      trafficPolicy(workspace, "spec", "targetRefs", 0, "name"),
      trafficPolicy(workspace, "metadata", "namespace"),
    ],
  };
}

/**
 * Holds the streams until the youngest has been open for `forMs`. Returns how each of them is, one line a stream: how
 * long the longest silence was shows which idle limit there is not. Throws at once when one is cut, with the time at
 * which that happened and how the others are.
 */
export async function expectHeld(
  streams: readonly HeldStream[],
  forMs: number,
  signal: AbortSignal,
): Promise<string[]> {
  const until = Math.max(...streams.map(({ record }) => record.openedAt)) + forMs;
  const over = new AbortController();
  const held = delay(Math.max(0, until - Date.now()), undefined, {
    signal: AbortSignal.any([signal, over.signal]),
  });
  const cuts = streams.map(async (stream) => {
    await stream.record.untilCut;
    return stream;
  });
  const first = await Promise.race([held, ...cuts]);
  over.abort();
  held.catch(() => {});
  if (first) throw cutError(first, streams);
  return streams.map(stateOf);
}

function cutError({ name, record }: HeldStream, streams: readonly HeldStream[]): HarnessError {
  const { afterMs = 0, why = "" } = record.cut ?? {};
  return new HarnessError(
    `every stream should stay open, and ${name} was cut after ${seconds(afterMs)} (${why})`,
    {
      code: "failed",
      // What cuts one mostly cuts others a moment later.
      details: ["when that one was cut:", ...streams.map(stateOf)].join("\n"),
      ...mending(name),
    },
  );
}

function stateOf({ name, record }: HeldStream): string {
  const state = record.cut ? `cut after ${seconds(record.cut.afterMs)} (${record.cut.why})` : "open";
  return `${name}: ${state}, ${record.bytes.length} bytes, longest silence ${seconds(record.longestSilenceMs())}`;
}

/** Every byte that was sent on the streams came back, once and in order. Returns one line for each stream. */
export async function expectAllThere(streams: readonly HeldStream[]): Promise<string[]> {
  return Promise.all(
    streams.map(async (stream) => {
      const { account, trouble } = await stream.settle();
      if (trouble === undefined) return `${stateOf(stream)}; ${account}`;
      throw new HarnessError(`${stream.name} is not whole: ${trouble}`, {
        code: "failed",
        details: stateOf(stream),
        ...mending(stream.name),
      });
    }),
  );
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
