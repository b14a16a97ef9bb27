import type { Comparison } from "../../compare/comparison.ts";

const figure = { kind: "time", group: "moves", noise: 2_000 } as const;

/** A comparison as compare.json has it, for tests. */
export const sampleComparison: Comparison = {
  version: 1,
  runId: "20260101-0000-compare-ab12",
  startedAt: "2026-01-01T00:00:00.000Z",
  ms: 600_000,
  base: { name: "main", commit: "0123456789abcdef", runs: ["base-1", "base-2"] },
  head: { name: "working tree", runs: ["head-1"] },
  isSameTree: false,
  objects: [{ what: "changed", kind: "Deployment", namespace: "opencode", name: "opencode-flux" }],
  statuses: [{ what: "drain: moves", base: "passed", head: "failed" }],
  differences: [
    { ...figure, what: "opencode-flux moves: detach", base: 1_000, head: 9_000, isBeyondNoise: true },
    { ...figure, what: "opencode-flux moves: start", base: 9_000, head: 9_500, isBeyondNoise: false },
    {
      what: "peak of opencode/opencode-flux",
      kind: "memory",
      group: "memory",
      base: 3e8,
      head: 3.1e8,
      noise: 5e7,
      isBeyondNoise: false,
    },
  ],
  records: { added: ["flux.home.example A 10.0.0.1"], removed: [] },
  noise: { runs: 2, time: 0.2, memory: 0.1 },
};
