import { createProgress } from "../report/index.ts";
import type { CommandContext } from "./context.ts";

/** `npm run down`: removes kept clusters and leftovers, stops the private engine unless somebody uses it. Returns the exit code. */
export async function downCommand({
  stdout,
  env,
  rooms,
  resultsDir,
  signal,
}: CommandContext): Promise<number> {
  const display = createProgress(stdout, { isTTY: stdout.isTTY === true, env });
  const { progress } = display;
  try {
    const removed = await progress.task("Remove clusters", () =>
      rooms.removeLeftovers({ resultsDir, progress, kept: true, signal }),
    );
    const { state, by } = await progress.task("Stop the private engine", (task) =>
      rooms.stopPrivateEngine({ signal, onWait: (holder) => task.update(`waiting for ${holder}`) }),
    );
    display.close();
    const engine = {
      stopped: "the private engine is stopped",
      "not running": "the private engine was not running",
      "in use": `the private engine stays as it is: ${by.join(", ")} ${by.length === 1 ? "uses" : "use"} it`,
    }[state];
    stdout.write(`${removed.length} removed; ${engine}\n`);
    return 0;
  } finally {
    display.close();
  }
}
