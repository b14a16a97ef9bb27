import { setTimeout as delay } from "node:timers/promises";
import { HarnessError } from "../base/index.ts";
import { askEngine, patienceMs, requestOf } from "./ping.ts";

/** While it is not disposed of, `lost` is aborted as soon as the engine does not answer any more. */
export interface EngineWatch extends Disposable {
  /** Its reason is the HarnessError `environment` that says so. */
  readonly lost: AbortSignal;
  /** Asks the engine now: its end may show elsewhere before it shows here. */
  isLost(): Promise<boolean>;
}

/**
 * Watches the engine by its own event stream, which ends when the engine does: nobody has to run into a time-out. One
 * that is only slow is not lost; `patience`, in milliseconds, is how long it may be silent.
 */
export function watchEngine(host: string, patience = patienceMs): EngineWatch {
  const lost = new AbortController();
  const over = new AbortController();
  const isLost = async () => {
    if (!lost.signal.aborted && (await isGone(host, patience))) lost.abort(engineIsGone(host));
    return lost.signal.aborted;
  };
  const watch = async () => {
    while (!over.signal.aborted) {
      await untilEventsEnd(host, over.signal);
      if (over.signal.aborted) return;
      if (await isLost()) return;
      await delay(1_000, undefined, { signal: over.signal }).catch(() => {}); // something between us ended the stream
    }
  };
  void watch();
  return { lost: lost.signal, isLost, [Symbol.dispose]: () => over.abort() };
}

/** At once where nobody listens, after its patience where somebody does and says nothing. */
export async function isGone(host: string, patience = patienceMs): Promise<boolean> {
  return (await askEngine(host, patience)) !== "answers";
}

async function untilEventsEnd(host: string, signal: AbortSignal): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ type: ["daemon"] }));
  const request = await requestOf(host, `/events?filters=${filters}`);
  if (!request) return;
  const stop = () => request.destroy();
  signal.addEventListener("abort", stop, { once: true });
  await new Promise<void>((resolve) => {
    request.on("response", (response) => response.resume().on("close", resolve).on("error", resolve));
    request.on("error", () => resolve());
    request.on("close", () => resolve());
    request.end();
    if (signal.aborted) stop();
  });
  signal.removeEventListener("abort", stop);
}

export function engineIsGone(host: string): HarnessError {
  return new HarnessError(`the container engine at ${host} has stopped answering`, {
    code: "environment",
    remedy:
      "Start it again (the private one starts by itself) and run the command again: what is left of this run goes then.",
  });
}
