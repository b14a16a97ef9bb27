import type { Measure, RunMeasures } from "./measures.ts";

/** How much two runs of one tree differ, as it was seen. */
export interface Noise {
  /** How far a measure's figures may be apart without saying anything. */
  of(measure: Pick<Measure, "id" | "kind">, value: number): number;
  /** Runs of which at least two were of one tree. */
  runs: number;
  /** The largest part by which a time and a peak of memory differed between two runs of one tree. */
  relative: { time: number; memory: number };
}

/** Below these a figure's differences are rather the clock's and the sampling's: they count as parts of this much. */
const floors = { time: 1_000, memory: 32e6 };

/**
 * So many runs of one tree show a measure's own spread. The range of five draws is 2.3 deviations of a normal one, so that
 * two further draws differ by more than one and a half times that once in a hundred.
 */
const enoughRuns = 5;
const rangeFactor = 1.5;

/**
 * Learns from runs, grouped by their tree. A figure of which few runs are known borrows from its kind: the largest part by
 * which any figure of that kind differed between runs of one tree. Counts borrow nothing: clones are equal or not.
 */
export function noiseOf(groups: readonly (readonly RunMeasures[])[]): Noise {
  const several = groups.filter(({ length }) => length > 1);
  const spreads = several.flatMap((runs) =>
    [...valuesById(runs).values()].filter(({ values }) => values.length > 1),
  );
  const largest = (kind: "time" | "memory") =>
    Math.max(
      0,
      ...spreads
        .filter((one) => one.kind === kind)
        .map(({ values }) => rangeOf(values) / Math.max(floors[kind], ...values)),
    );
  const relative = { time: largest("time"), memory: largest("memory") };
  return {
    runs: several.flat().length,
    relative,
    of({ id, kind }, value) {
      const own = spreads.filter((one) => one.id === id);
      const range = Math.max(0, ...own.map(({ values }) => rangeOf(values)));
      if (kind === "count") return range;
      const known = Math.max(0, ...own.map(({ values }) => values.length));
      if (known >= enoughRuns) return Math.max(range * rangeFactor, floors[kind] * 0.01);
      return Math.max(range, relative[kind] * Math.max(value, floors[kind]));
    },
  };
}

type Values = Pick<Measure, "id" | "kind"> & { values: number[] };

function valuesById(runs: readonly RunMeasures[]): Map<string, Values> {
  const found = new Map<string, Values>();
  for (const { id, kind, value } of runs.flatMap(({ measures }) => measures)) {
    const known = found.get(id) ?? { id, kind, values: [] };
    known.values.push(value);
    found.set(id, known);
  }
  return found;
}

const rangeOf = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
