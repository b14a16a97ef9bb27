import type { TimelineEntry, TimelineStream } from "../../timeline.ts";
import { ms } from "./seconds.ts";

export function phase(
  title: string,
  start: number,
  seconds: number,
  children: TimelineEntry[] = [],
): TimelineEntry {
  return { title, startMs: ms(start), ms: ms(seconds), children };
}

export function wait(title: string, start: number, seconds: number, ...said: string[]): TimelineEntry {
  const moments = said.map((text, index) => ({ atMs: ms(start) + index * 800, text }));
  return { title, kind: "wait", startMs: ms(start), ms: ms(seconds), said: moments, children: [] };
}

export function stream(
  name: string,
  start: number,
  end: number,
  perSecond: (second: number) => number,
  cut?: string,
): TimelineStream {
  const seconds = Array.from({ length: Math.floor(end - start) }, (_, second): [number, number] => [
    second,
    perSecond(second),
  ]);
  const bytes = seconds.filter(([, amount]) => amount > 0);
  const last = bytes.at(-1)?.[0] ?? 0;
  return {
    name,
    startMs: ms(start),
    endMs: ms(end),
    ...(cut === undefined ? {} : { cut }),
    firstByteMs: ms(start) + 40,
    lastByteMs: cut === undefined ? ms(start + last) : ms(end) - 30,
    bytes,
  };
}
