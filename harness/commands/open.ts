import type { Progress } from "../base/index.ts";
import { createProgress } from "../report/index.ts";
import type { CommandContext } from "./context.ts";

/** `npm run open`: shows workspaces of the cluster that `up` left. Returns the exit code. */
export async function openCommand(context: CommandContext, names: string[]): Promise<number> {
  const { stdout, env } = context;
  const display = createProgress(stdout, { isTTY: stdout.isTTY === true, env });
  const say = (text: string) => {
    display.close();
    stdout.write(`${text}\n`);
  };
  try {
    return await untilClosed(context, names, { progress: display.progress, say });
  } finally {
    display.close();
  }
}

/** Opens windows, and waits until the person has closed them or presses Ctrl-C; where there is no screen, takes pictures. */
export async function untilClosed(
  { rooms, resultsDir, env, signal }: CommandContext,
  names: string[],
  { progress, say }: { progress: Progress; say: (text: string) => void },
): Promise<number> {
  await using shown = await rooms.showWorkspaces({ resultsDir, names, env, progress, signal });
  say(shown.told);
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([shown.closed, stopped]);
  return 0;
}
