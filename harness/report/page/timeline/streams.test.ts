import { expect, it } from "vitest";
import type { TimelineStream } from "../../timeline.ts";
import { streamRows, titleOf } from "./streams.ts";

const name = "the terminal of opencode-flux";

/** Cut unless it was opened again; its bytes came until its end. */
function held(startMs: number, endMs: number, of?: string, isAgain = false): TimelineStream {
  const end = isAgain ? {} : { cut: "reset" };
  const who = of === undefined ? {} : { of };
  const moments = { startMs, endMs, firstByteMs: startMs, lastByteMs: endMs };
  return { name: isAgain ? `${name}, opened again` : name, ...moments, ...end, ...who, bytes: [[0, 5]] };
}

/** Two worlds, one second apart: the gaps are 4 s and 2 s. */
const ofBoth = [
  held(0, 5_000, "drain"),
  held(1_000, 6_000, "crash"),
  held(8_000, 9_000, "crash", true),
  held(9_000, 12_000, "drain", true),
];

it("keeps streams of one name apart that two scenarios held at once, each with its own gap", () => {
  const rows = streamRows({ streams: ofBoth });
  expect(rows.map((row) => [titleOf(row, rows), row.gaps, row.bytes])).toEqual([
    ["drain: terminal of opencode-flux", [{ startMs: 5_000, endMs: 9_000 }], 10],
    ["crash: terminal of opencode-flux", [{ startMs: 6_000, endMs: 8_000 }], 10],
  ]);
});

it.each([undefined, "drain"])("names no holder where there is but one: %s", (of) => {
  const rows = streamRows({ streams: [held(0, 5_000, of), held(9_000, 12_000, of, true)] });
  expect(rows.map((row) => titleOf(row, rows))).toEqual(["terminal of opencode-flux"]);
  expect(rows[0]?.gaps).toEqual([{ startMs: 5_000, endMs: 9_000 }]);
});
