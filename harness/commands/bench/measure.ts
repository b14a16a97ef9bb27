import type { Progress } from "../../base/index.ts";
import type { ImageSource } from "../../scenario/index.ts";
import type { CommandContext } from "../context.ts";

/** One number that `npm run bench` reports, and what it must reach. */
export interface Measure {
  name: string;
  unit: "s" | "MiB" | "x" | "%";
  /** Must not be over this. */
  limit?: number;
  /** Must not be under this. */
  atLeast?: number;
  aim?: number;
}

/** What a probe may use. */
export interface ProbeInput {
  context: CommandContext;
  images: ImageSource;
  progress: Progress;
}

/** Does something once and measures it in one go: several numbers may come of one start of a world. */
export interface Probe {
  /** Names it on the command line. */
  name: string;
  title: string;
  /** It takes minutes: it runs once, however many runs are asked for. */
  runsOnce?: true;
  measures: Measure[];
  /** Values by the measure's name; one that could not be taken is left out. */
  run(input: ProbeInput): Promise<Record<string, number>>;
}

/** A measure with the values of all runs. */
export interface Measured extends Measure {
  median?: number;
  values: number[];
}

export function median(values: number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}
