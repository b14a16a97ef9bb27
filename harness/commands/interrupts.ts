import { exitCodes, HarnessError } from "../base/index.ts";

/** SIGHUP comes when the terminal is closed, or the connection to the machine is lost. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm and the terminal both pass on a key that was pressed once. */
const samePressMs = 500;

type Signals = Pick<NodeJS.Process, "on" | "off" | "exit" | "stdout" | "stderr">;

/**
 * The first of these signals aborts `signal`, so that everything is disposed of; the second ends the process at once.
 * Output that nobody can take any more, for the terminal or the other end of a pipe is gone, is dropped: it must not end
 * the process before that.
 */
export function listenForInterrupts(
  process: Signals,
  write: (text: string) => void,
): Disposable & { signal: AbortSignal } {
  const abort = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (!abort.signal.aborted) {
      firstAt = performance.now();
      write("\nInterrupted: cleaning up. Again to leave at once.\n");
      abort.abort(new HarnessError("the run was interrupted", { code: "interrupted" }));
      return;
    }
    if (performance.now() - firstAt < samePressMs) return;
    write("\nLeft at once: containers, networks and volumes may remain; npm run down removes them.\n");
    process.exit(exitCodes.interrupted);
  };
  const drop = () => {};
  for (const name of signals) process.on(name, onSignal);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", drop);
  return {
    signal: abort.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
