import { exitCodes, HarnessError } from "../base/index.ts";

const signals = ["SIGINT", "SIGTERM"] as const;

type Signals = Pick<NodeJS.Process, "on" | "off" | "exit">;

/**
 * The first SIGINT or SIGTERM aborts `signal`, so that everything is disposed of; the second ends the process at once.
 */
export function listenForInterrupts(
  process: Signals,
  write: (text: string) => void,
): Disposable & { signal: AbortSignal } {
  const abort = new AbortController();
  const onSignal = () => {
    if (!abort.signal.aborted) {
      write("\nInterrupted: cleaning up. Again to leave at once.\n");
      abort.abort(new HarnessError("the run was interrupted", { code: "interrupted" }));
      return;
    }
    write("\nLeft at once: containers, networks and volumes may remain; npm run down removes them.\n");
    process.exit(exitCodes.interrupted);
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: abort.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
