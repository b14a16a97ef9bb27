import { messageOf } from "../base/index.ts";
import { formatDuration, formatTable } from "../report/index.ts";

/** One thing that a rehearsal tries. */
export interface Part {
  name: string;
  outcome: "passed" | "failed" | "skipped";
  ms: number;
  /** What was not as it must be, or why it was not tried. */
  why?: string;
}

/** Throws nothing but the signal's reason. */
export async function timed(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<Part> {
  const startedAt = performance.now();
  const ms = () => Math.round(performance.now() - startedAt);
  signal.throwIfAborted();
  try {
    await work();
    return { name, outcome: "passed", ms: ms() };
  } catch (error) {
    signal.throwIfAborted();
    return { name, outcome: "failed", ms: ms(), why: messageOf(error).split("\n")[0] ?? "" };
  }
}

export function tableOf(parts: readonly Part[]): string {
  return formatTable(
    parts.map(({ name, outcome, ms, why = "" }) => [outcome, formatDuration(ms), name, why]),
  );
}
