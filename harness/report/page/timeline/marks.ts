import type { Timeline, TimelineEntry, TimelineMoment } from "../../timeline.ts";

/** What happened to the world at one moment. */
export interface MarkPoint {
  number: number;
  atMs: number;
  texts: string[];
}

/** Acts so close together are one mark: the same is often done to each workspace. */
const together = 1 / 200;

/** All marks of the run in the order of time, numbered from 1. */
export function marksOf({ entries }: Pick<Timeline, "entries">, totalMs: number): MarkPoint[] {
  const moments = entries.flatMap(momentsIn).sort((a, b) => a.atMs - b.atMs);
  const points: MarkPoint[] = [];
  for (const { atMs, text } of moments) {
    const last = points.at(-1);
    if (last && atMs - last.atMs < Math.max(250, totalMs * together)) last.texts.push(text);
    else points.push({ number: points.length + 1, atMs, texts: [text] });
  }
  return points.map((point) => ({ ...point, texts: [...new Set(point.texts)] }));
}

function momentsIn({ marks = [], children }: TimelineEntry): TimelineMoment[] {
  return [...marks, ...children.flatMap(momentsIn)];
}
