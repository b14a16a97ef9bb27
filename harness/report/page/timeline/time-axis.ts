/** How far the timeline can be drawn apart. */
export const zooms = [1, 2, 4, 8, 16, 32, 64] as const;

export interface Tick {
  atMs: number;
  /** `1:30` or `15 s`. */
  label: string;
  /** Shown from this zoom on. */
  zoom: number;
}

/** Each divides the one before it, so that a tick never goes when one looks closer; seconds. */
const intervals = [3_600, 900, 300, 60, 15, 5, 1];

/** At a zoom of 1; a narrow screen shows every label still. */
const mostTicks = 10;

/** The ticks of a run of that length at every zoom. */
export function ticksOf(totalMs: number): Tick[] {
  const seconds = totalMs / 1_000;
  const chosen = zooms.map((zoom) => ({ zoom, interval: intervalFor(seconds, mostTicks * zoom) }));
  const finest = chosen.at(-1)?.interval ?? 1;
  const times = Array.from({ length: Math.floor(seconds / finest) + 1 }, (_, index) => index * finest);
  return times.map((at) => ({
    atMs: at * 1_000,
    label: clock(at),
    zoom: chosen.find(({ interval }) => at % interval === 0)?.zoom ?? 1,
  }));
}

function intervalFor(seconds: number, most: number): number {
  const fitting = intervals.filter((interval) => seconds / interval <= most);
  return fitting.at(-1) ?? intervals[0] ?? 1;
}

function clock(seconds: number): string {
  if (seconds === 0) return "0";
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return `${rest} s`;
  return rest === 0 ? `${minutes} min` : `${minutes}:${String(rest).padStart(2, "0")}`;
}

/** Where a moment stands, in percent of the whole. */
export type Place = (ms: number) => string;

export function placeIn(totalMs: number): Place {
  return (ms) => `${((100 * Math.min(Math.max(ms, 0), totalMs)) / totalMs).toFixed(3)}%`;
}
