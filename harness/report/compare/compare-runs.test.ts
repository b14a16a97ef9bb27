import { describe, expect, it } from "vitest";
import { compareRuns } from "./compare-runs.ts";
import { renderComparison } from "./markdown.ts";
import type { Measure, RunMeasures } from "./measures.ts";
import { noiseOf } from "./noise.ts";

type Figures = Record<string, number>;

/** A run with these figures: seconds, `memory …` in megabytes, `clones …` as they are. */
function run(
  figures: Figures,
  { steps = {} as Record<string, string>, records = [] as string[] } = {},
): RunMeasures {
  const measures = Object.entries(figures).map(([what, value]): Measure => {
    if (what.startsWith("memory"))
      return { id: what, what, kind: "memory", group: "memory", value: value * 1e6 };
    if (what.startsWith("clones")) return { id: what, what, kind: "count", group: "clones", value };
    return { id: what, what, kind: "time", group: "steps", value: value * 1_000 };
  });
  return { runId: "run", statuses: { drain: "passed", ...steps }, measures, records };
}

const nothing = { base: [], head: [] };
const compare = (
  base: RunMeasures[],
  head: RunMeasures[],
  remembered: { base: RunMeasures[]; head: RunMeasures[] } = nothing,
) => compareRuns({ base, head, remembered, isSameTree: false });
const beyond = (...all: Parameters<typeof compare>) =>
  compare(...all)
    .differences.filter(({ isBeyondNoise }) => isBeyondNoise)
    .map(({ what }) => what);

describe("a difference", () => {
  it("counts where it exceeds what two runs of one tree differ by", () => {
    const base = [run({ move: 10, start: 20 }), run({ move: 11, start: 22 })];
    expect(beyond(base, [run({ move: 15, start: 23 })])).toEqual(["move"]);
  });

  it("borrows from other figures of its kind where it has shown no spread of its own", () => {
    const base = [run({ move: 10, start: 20 }), run({ move: 10, start: 30 })];
    expect(beyond(base, [run({ move: 13, start: 25 })])).toEqual([]);
    expect(beyond(base, [run({ move: 16, start: 25 })])).toEqual(["move"]);
  });

  it("has its own measure once five runs of one tree are known", () => {
    const remembered = [10, 10.2, 10.1, 10.3, 10.1].map((move) => run({ move, start: move ** 3 / 50 }));
    const [now] = remembered as [RunMeasures];
    expect(beyond([now], [run({ move: 11, start: 20 })], { base: remembered, head: [] })).toEqual(["move"]);
    expect(beyond([now], [run({ move: 10.4, start: 20 })], { base: remembered, head: [] })).toEqual([]);
  });

  it("of a count needs no tolerance, but where one tree does not always count alike", () => {
    expect(beyond([run({ "clones of a": 1 })], [run({ "clones of a": 2 })])).toEqual(["clones of a"]);
    expect(beyond([run({})], [run({ "clones of a": 1 })])).toEqual(["clones of a"]);
    const unsteady = [run({ "clones of a": 1 }), run({ "clones of a": 3 })];
    expect(beyond(unsteady, [run({ "clones of a": 2 })])).toEqual([]);
  });

  it("of a few milliseconds or megabytes is nothing", () => {
    const base = [
      run({ quick: 0.01, "memory a": 1, long: 100 }),
      run({ quick: 0.01, "memory a": 1, long: 90 }),
    ];
    expect(beyond(base, [run({ quick: 0.05, "memory a": 1, long: 95 })])).toEqual([]);
  });

  it("is that of the medians", () => {
    const base = [1, 2, 9].map((move) => run({ move }));
    expect(compare(base, [run({ move: 4 }), run({ move: 6 })]).differences).toMatchObject([
      { what: "move", base: 2_000, head: 5_000 },
    ]);
  });
});

it("learns from both trees where they are one", () => {
  const [one, other] = [run({ move: 10 }), run({ move: 30 })];
  const same = compareRuns({ base: [one], head: [other], remembered: nothing, isSameTree: true });
  expect(same.noise.runs).toBe(2);
  expect(same.differences.some(({ isBeyondNoise }) => isBeyondNoise)).toBe(false);
});

it("knows no noise where no tree was run twice", () => {
  expect(noiseOf([[run({ move: 1 })], [run({ move: 2 })]])).toMatchObject({ runs: 0, relative: { time: 0 } });
});

it("tells verdicts that differ, and those of which one tree is not sure", () => {
  const steps = (first: string, second: string) => ({
    steps: { "drain: moves": first, "drain: stays": second },
  });
  const base = [run({}, steps("passed", "passed")), run({}, steps("passed", "failed"))];
  expect(compare(base, [run({}, steps("failed", "passed"))]).statuses).toEqual([
    { what: "drain: moves", base: "passed", head: "failed" },
    { what: "drain: stays", base: "failed or passed", head: "passed" },
  ]);
});

it("tells records that all runs of one tree have and none of the other", () => {
  const of = (...records: string[]) => run({}, { records });
  expect(compare([of("a A 1", "b A 1"), of("a A 1")], [of("c A 1")]).records).toEqual({
    added: ["c A 1"],
    removed: ["a A 1"],
  });
});

it("is Markdown for a pull request: what differs first, the rest folded, words of others as code", () => {
  const base = [run({ "a|b": 10, start: 20 }), run({ "a|b": 10.5, start: 21 })];
  const compared = compare(base, [run({ "a|b": 20, start: 20 }, { steps: { "drain: @you": "failed" } })]);
  const text = renderComparison({
    version: 1,
    runId: "x",
    startedAt: "2026-01-01T00:00:00.000Z",
    ms: 1,
    base: { name: "main", runs: ["one", "two"] },
    head: { name: "working tree", runs: ["three"] },
    objects: [{ what: "added", kind: "Service", namespace: "ai", name: "app" }],
    ...compared,
  });
  expect(text).toContain(
    "## What the change does: `main` → `working tree`\n\n1 verdict differs, 1 figure differs beyond noise.",
  );
  expect(text).toContain("| `drain: @you` | not there | failed |");
  expect(text).toContain("| `a\\|b` | 10.3 s | 20.0 s | +9.8 s | ± 952 ms |");
  expect(text).toContain("- added `Service ai/app`");
  expect(text).toMatch(/<details><summary>Within noise: 1 figure<\/summary>[\s\S]*`start`[\s\S]*<\/details>/);
});

it("stays what a comment holds, and a variable that hands it on, in any alphabet", () => {
  const records = Array.from({ length: 300 }, (_, index) => `${index} ${"日".repeat(150)}`);
  const text = renderComparison({
    version: 1,
    runId: "x",
    startedAt: "2026-01-01T00:00:00.000Z",
    ms: 1,
    base: { name: "main", runs: ["one"] },
    head: { name: "working tree", runs: ["two"] },
    objects: [],
    ...compare([run({}, { records: [] })], [run({}, { records })]),
  });
  expect(Buffer.byteLength(text)).toBeLessThan(65_536);
  expect(text).toContain("More is on the page.");
});
