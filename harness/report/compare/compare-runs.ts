import type { Comparison, Difference } from "./comparison.ts";
import type { Measure, RunMeasures } from "./measures.ts";
import { type Noise, noiseOf } from "./noise.ts";

export interface ComparedRuns {
  base: readonly RunMeasures[];
  head: readonly RunMeasures[];
  /** Earlier runs of either tree, for what runs of one tree differ by. */
  remembered: { base: readonly RunMeasures[]; head: readonly RunMeasures[] };
  /** Both are one tree: all runs tell its noise. */
  isSameTree: boolean;
}

type Compared = Pick<Comparison, "statuses" | "differences" | "records" | "noise" | "isSameTree">;

/** What the second tree does otherwise than the first, as far as runs of one tree do not differ by as much. */
export function compareRuns({ base, head, remembered, isSameTree }: ComparedRuns): Compared {
  const [ofBase, ofHead] = [
    [...base, ...remembered.base],
    [...head, ...remembered.head],
  ];
  const noise = noiseOf(isSameTree ? [[...ofBase, ...ofHead]] : [ofBase, ofHead]);
  return {
    isSameTree,
    statuses: statusesOf(base, head),
    // Where one tree could not be run there is nothing that a figure could be held against.
    differences: base.length > 0 && head.length > 0 ? differencesOf(base, head, noise) : [],
    records: recordsOf(base, head),
    noise: { runs: noise.runs, ...noise.relative },
  };
}

function statusesOf(base: readonly RunMeasures[], head: readonly RunMeasures[]): Comparison["statuses"] {
  const names = new Set([...base, ...head].flatMap(({ statuses }) => Object.keys(statuses)));
  return [...names].flatMap((what) => {
    const [one, other] = [endsOf(base, what), endsOf(head, what)];
    return one === other && !one.includes(" or ") ? [] : { what, base: one, head: other };
  });
}

function endsOf(runs: readonly RunMeasures[], what: string): string {
  if (runs.length === 0) return "not run";
  return [...new Set(runs.map(({ statuses }) => statuses[what] ?? "not there"))].sort().join(" or ");
}

function differencesOf(
  base: readonly RunMeasures[],
  head: readonly RunMeasures[],
  noise: Noise,
): Difference[] {
  const measures = new Map(
    [...base, ...head].flatMap((run) => run.measures.map((one) => [one.id, one] as const)),
  );
  return [...measures.values()].map((measure) => {
    const [one, other] = [medianOf(base, measure), medianOf(head, measure)];
    const within = noise.of(measure, Math.max(one ?? 0, other ?? 0));
    const { what, kind, group } = measure;
    // What only one side has shows in a step or a verdict; a count that nobody made is none.
    const isBeyondNoise =
      kind === "count"
        ? Math.abs((one ?? 0) - (other ?? 0)) > within
        : one !== undefined && other !== undefined && Math.abs(one - other) > within;
    return {
      what,
      kind,
      group,
      ...(one === undefined ? {} : { base: one }),
      ...(other === undefined ? {} : { head: other }),
      noise: within,
      isBeyondNoise,
    };
  });
}

function medianOf(runs: readonly RunMeasures[], { id }: Measure): number | undefined {
  const values = runs.flatMap(({ measures }) => measures.find((one) => one.id === id)?.value ?? []);
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return undefined;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** Records that every run of one side had at its end, and none of the other. */
function recordsOf(base: readonly RunMeasures[], head: readonly RunMeasures[]): Comparison["records"] {
  const [ofBase, ofHead] = [base, head].map((runs) =>
    runs.flatMap(({ records }) => (records ? [records] : [])),
  );
  const only = (those: string[][] = [], others: string[][] = []) =>
    others.length === 0 || those.length === 0
      ? []
      : (those[0] ?? []).filter(
          (record) =>
            those.every((one) => one.includes(record)) && !others.some((one) => one.includes(record)),
        );
  return { added: only(ofHead, ofBase), removed: only(ofBase, ofHead) };
}
