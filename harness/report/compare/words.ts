import { formatBytes, formatDuration } from "../duration.ts";
import type { Comparison, Difference } from "./comparison.ts";
import type { Measure } from "./measures.ts";

/** Headings of the groups, in the order in which they are shown. */
export const groupNames: Record<Measure["group"], string> = {
  steps: "Steps",
  moves: "How a move's time divides",
  streams: "Streams",
  restarts: "Restarts",
  clones: "Clones on the wire",
  memory: "Memory",
};

export function valueWords(kind: Measure["kind"], value: number | undefined): string {
  if (value === undefined) return "–";
  if (kind === "count") return `${value}`;
  return kind === "time" ? formatDuration(value) : formatBytes(value);
}

/** "+2.1 s". */
export function changeWords({ kind, base = 0, head = 0 }: Difference): string {
  const change = head - base;
  return `${change < 0 ? "−" : "+"}${valueWords(kind, Math.abs(change))}`;
}

/**
 * One sentence that says what the change does.
 *
 * @param quoted what words that are not ours become
 */
export function comparisonSentence(comparison: Comparison, quoted = (words: string) => words): string {
  const { base, head, statuses, differences, records, isSameTree } = comparison;
  const stopped = [base, head].filter((side) => side.stopped !== undefined);
  if (stopped.length > 0)
    return `There is little to compare: ${stopped.map(({ name, stopped = "" }) => `${quoted(name)} could not be run (${quoted(stopped)})`).join(", ")}.`;
  const beyond = differences.filter(({ isBeyondNoise }) => isBeyondNoise).length;
  const parts = [
    statuses.length === 0 ? "every step ends as before" : counted(statuses.length, "verdict"),
    beyond === 0 ? "no figure differs beyond noise" : `${counted(beyond, "figure")} beyond noise`,
    ...(records.added.length + records.removed.length > 0
      ? [counted(records.added.length + records.removed.length, "record")]
      : []),
  ];
  const said = `${parts.join(", ")}.`;
  return isSameTree ? `Both are the same tree: ${said}` : said.charAt(0).toUpperCase() + said.slice(1);
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? " differs" : "s differ"}`;

/** "Deployment ai/opencode". */
export function objectWords({ kind, namespace, name }: Comparison["objects"][number]): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** How noise was learnt. */
export function noiseWords({ noise }: Comparison): string {
  if (noise.runs < 2) return "Noise is not known: no tree was run twice.";
  const percent = (part: number) => `${Math.round(part * 100)} %`;
  return `Noise is what ${noise.runs} runs of one tree each differ by: up to ${percent(noise.time)} of a time, ${percent(noise.memory)} of a peak of memory; a count differs or not. A figure that five runs of one tree are known of has its own measure.`;
}
