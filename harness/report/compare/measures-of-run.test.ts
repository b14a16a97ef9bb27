import { expect, it } from "vitest";
import { measuresOfRun } from "./measures-of-run.ts";

type Source = Parameters<typeof measuresOfRun>[0];

const division = (title: string, ms: number) => ({
  title,
  startMs: 0,
  parts: [
    { part: "detach", ms },
    { part: "start", ms: 9_000 },
  ],
});
const stream = (name: string, startMs: number, endMs: number, cut?: string) => ({
  name,
  startMs,
  endMs,
  firstByteMs: startMs + 100,
  lastByteMs: endMs - 100,
  bytes: [],
  ...(cut === undefined ? {} : { cut }),
});

const source = {
  result: {
    runId: "20260101-0000-drain-ab12",
    scenarios: [
      {
        name: "drain",
        status: "failed",
        steps: [
          { title: "moves", status: "passed", ms: 12_000 },
          { title: "stays", status: "failed", ms: 3_000 },
        ],
      },
    ],
  },
  timeline: {
    entries: [
      { title: "a", children: [], divisions: [division("opencode-flux moves", 1_000)] },
      { title: "b", children: [], divisions: [division("opencode-flux moves", 2_000)] },
    ],
    streams: [
      stream("the terminal of opencode-flux", 0, 5_000, "reset"),
      stream("the terminal of opencode-flux, opened again", 9_000, 12_000),
    ],
    counts: { "owner/name": 1 },
  },
  usage: [
    { namespace: "opencode", pod: "opencode-flux-6d5f7c9b4-x2x4z", samples: [[1, 5e8, 1]] },
    {
      namespace: "opencode",
      pod: "opencode-flux-6d5f7c9b4-aaaaa",
      samples: [
        [1, 3e8, 1],
        [2, 6e8, 1],
      ],
    },
  ],
  ending: { restarts: { "opencode-flux/app": 2 }, records: ["b A 1", "a A 1"], clones: { "owner/name": 2 } },
} as unknown as Source;

it("makes figures of all that a run has left", () => {
  const { statuses, measures, records } = measuresOfRun(source);
  expect(statuses).toEqual({ drain: "failed", "drain: moves": "passed", "drain: stays": "failed" });
  expect(Object.fromEntries(measures.map(({ what, value }) => [what, value]))).toEqual({
    "drain: moves": 12_000, // the time of a step that failed says nothing
    "opencode-flux moves: detach": 1_000,
    "opencode-flux moves: start": 9_000,
    "opencode-flux moves (2): detach": 2_000,
    "opencode-flux moves (2): start": 9_000,
    "terminal of opencode-flux: times that it was cut": 1,
    "terminal of opencode-flux: longest gap": 4_200,
    "peak of opencode/opencode-flux": 6e8,
    "clones and fetches of owner/name": 3,
    "restarts of opencode-flux/app": 2,
  });
  expect(records).toEqual(["a A 1", "b A 1"]);
});

it("takes what is not there for unknown", () => {
  const bare = { ...source, timeline: undefined, usage: [], ending: undefined };
  const { measures, records } = measuresOfRun(bare);
  expect(measures.map(({ what }) => what)).toEqual(["drain: moves"]);
  expect(records).toBeUndefined();
});

it("names who held a stream, so that the same of two scenarios are two", () => {
  const held = (of: string) => ({ ...stream("the terminal of opencode-flux", 0, 5_000, "reset"), of });
  const timeline = { entries: [], streams: [held("drain"), held("crash")] };
  const { measures } = measuresOfRun({ ...source, timeline } as unknown as Source);
  expect(measures.filter(({ group }) => group === "streams").map(({ what, value }) => [what, value])).toEqual(
    [
      ["drain: terminal of opencode-flux: times that it was cut", 1],
      ["crash: terminal of opencode-flux: times that it was cut", 1],
    ],
  );
});
