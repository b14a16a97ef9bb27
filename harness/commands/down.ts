import { createProgress } from "../report/index.ts";
import type { CommandContext } from "./context.ts";

/** `npm run down`: removes kept clusters and leftovers, stops the private engine unless a run is using it. Returns the exit code. */
export async function downCommand({
  stdout,
  env,
  rooms,
  resultsDir,
  signal,
}: CommandContext): Promise<number> {
  const display = createProgress(stdout, { isTTY: stdout.isTTY === true, env });
  try {
    const { removeLeftovers, liveRuns, stopPrivateEngine } = rooms;
    const removed = await display.progress.task("Remove clusters", () =>
      removeLeftovers({ resultsDir, progress: display.progress, kept: true, signal }),
    );
    const live = await liveRuns();
    if (live.length > 0) {
      display.close();
      stdout.write(`${removed.length} removed; the engine stays as it is, ${live.join(", ")} is using it\n`);
      return 0;
    }
    const stopped = await display.progress.task("Stop the private engine", () => stopPrivateEngine());
    display.close();
    stdout.write(
      `${removed.length} removed; the private engine ${stopped ? "is stopped" : "was not running"}\n`,
    );
    return 0;
  } finally {
    display.close();
  }
}
