import type { Timeline, TimelineStream } from "../../timeline.ts";

/** From the last byte of a stream that was cut to the first byte when it was opened again. */
export interface Gap {
  startMs: number;
  endMs: number;
}

/** All that one stream was, under one name. */
export interface StreamRow {
  /** Scenario or mutant that held it, where that is known. */
  of: string | undefined;
  name: string;
  /** The times that it was open, in order. */
  segments: TimelineStream[];
  gaps: Gap[];
  bytes: number;
}

const again = /, opened again$/;

/**
 * Streams of the same name are one row; one that was opened again goes on with it. Those of another scenario or mutant are
 * not: it may have held its own at the same time, in another world.
 */
export function streamRows({ streams }: Pick<Timeline, "streams">): StreamRow[] {
  return [...Map.groupBy(streams, ({ of }) => of)].flatMap(([of, held]) => rowsOf(of, held));
}

function rowsOf(of: string | undefined, streams: readonly TimelineStream[]): StreamRow[] {
  const groups = [...Map.groupBy(streams, ({ name }) => name.replace(again, ""))];
  const byWorkspace = groups.toSorted(([a], [b]) => workspaceFirst(a).localeCompare(workspaceFirst(b)));
  return byWorkspace.map(([name, held]) => {
    const segments = held.toSorted((a, b) => a.startMs - b.startMs);
    const bytes = segments.flatMap((segment) => segment.bytes).reduce((sum, [, amount]) => sum + amount, 0);
    return { of, name: name.replace(/^the /, ""), segments, gaps: gapsOf(segments), bytes };
  });
}

/** The row's name, with who held it where others held streams in the same run. */
export function titleOf({ of, name }: StreamRow, rows: readonly StreamRow[]): string {
  return of === undefined || rows.every((row) => row.of === of) ? name : `${of}: ${name}`;
}

/** "the busy terminal of opencode-ha" → "opencode-ha the busy terminal": those of one workspace stand together. */
function workspaceFirst(name: string): string {
  return name.split(" of ").reverse().join(" ");
}

function gapsOf(segments: readonly TimelineStream[]): Gap[] {
  return segments.flatMap(({ name, startMs, firstByteMs = startMs }, index) => {
    const before = segments[index - 1];
    if (before?.cut === undefined || !again.test(name)) return [];
    return [{ startMs: before.lastByteMs ?? before.startMs, endMs: firstByteMs }];
  });
}
