import { createProgress, formatBytes, formatDuration, formatTable } from "../report/index.ts";
import type { ImageSource } from "../scenario/index.ts";
import { type CommandContext, screenOf } from "./context.ts";

/** `npm run images`: prepares the images and nothing else. Returns the exit code. */
export async function imagesCommand(context: CommandContext, source: ImageSource): Promise<number> {
  const { stdout, signal } = context;
  const display = createProgress(stdout, screenOf(context));
  try {
    const { prepareImages } = context.rooms;
    const startedAt = performance.now();
    const prepared = await prepareImages({ source, progress: display.progress, signal });
    const ms = performance.now() - startedAt;
    display.close();
    const rows = prepared.components.map(({ name, version, source, bytes, ms, cached }) => [
      name,
      version,
      source,
      formatBytes(bytes),
      cached ? "cached" : formatDuration(ms),
    ]);
    const total = prepared.components.reduce((sum, { bytes }) => sum + bytes, 0);
    stdout.write(`${formatTable([["component", "version", "source", "disk", "time"], ...rows])}\n`);
    stdout.write(`\n${formatBytes(total)} in ${prepared.directory}, ready after ${formatDuration(ms)}\n`);
    return 0;
  } finally {
    display.close();
  }
}
