import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { addSecret } from "../../base/index.ts";
import { plain } from "../paint.ts";
import { createTaskTree } from "../task-tree.ts";
import { firstEnd } from "./first-end.ts";
import type { Round } from "./round.ts";
import { roundsDisplay } from "./rounds-display.ts";
import { roundsFrame } from "./rounds-frame.ts";

const at = new Date("2026-01-02T12:00:00").getTime();
const look = { now: at + 9_000, paint: plain, lastTimeOf: () => undefined, columns: 80 };
const passed: Round = {
  number: 1,
  cause: "start",
  at,
  outcome: "passed",
  ms: 118_000,
  first: { hasPassed: true, ms: 61_000 },
};
const head = { title: "persistence", keys: "q ends" };

function tasks(...titles: string[]) {
  const tree = createTaskTree();
  return titles.map((title, index) => {
    const id = String(index);
    tree.apply({ at, kind: "start", id, title });
    if (index < titles.length - 1) tree.apply({ at: at + 2_000, kind: "end", id });
    return tree.roots[index] as NonNullable<(typeof tree.roots)[number]>;
  });
}

it("shows one line for each round, what the last is at, and the keys", () => {
  const running: Round = { number: 2, cause: "ks.yaml", at, beginning: "over the running workspaces" };
  const state = { ...head, rounds: [passed, running], tasks: tasks("Publish the tree", "Flux is ready") };
  expect(roundsFrame(state, look, 40)).toEqual([
    "persistence",
    "  1  12:00:00  start  ✔ passed after 1 min 58 s, first step after 1 min 01 s",
    "  2  12:00:00  ks.yaml  9.0 s",
    "     over the running workspaces",
    "     ✔ Publish the tree 2.0 s",
    expect.stringMatching(/^ {5}\S Flux is ready 9\.0 s$/),
    "",
    "q ends",
  ]);
});

it("does not call passed what is not for this tree", () => {
  const round: Round = { ...passed, outcome: "not applicable" };
  const [, line] = roundsFrame({ ...head, rounds: [round], tasks: [] }, { ...look, columns: 120 }, 20);
  expect(line).toContain("start  - not applicable to this tree: nothing was proved, after 1 min 58 s");
});

it("shows what the name of a file that was saved would have a terminal do", () => {
  const round: Round = { ...passed, number: 2, cause: "\u001b[2J\u001b]52;c;eA==\u0007.yaml" };
  const [, line] = roundsFrame({ ...head, rounds: [round], tasks: [] }, look, 20);
  expect(line).toContain("␛[2J␛]52;c;eA==␇.yaml");
});

it("shows why the last round failed, and no more than there is room for", () => {
  const failure = { message: "no pod", remedy: "mend it", details: Array(50).fill("line").join("\n") };
  const failed: Round = { ...passed, number: 2, outcome: "failed", ms: 4_000, step: "comes up", failure };
  const frame = roundsFrame({ ...head, rounds: [failed], tasks: [] }, look, 20);
  expect(frame.slice(1, 6)).toEqual([
    "  2  12:00:00  start  ✖ failed after 4.0 s, first step after 1 min 01 s",
    "",
    "     comes up",
    "     no pod",
    "     What to do: mend it",
  ]);
  expect(frame).toHaveLength(19);
  expect(frame.at(-3)).toMatch(/… \d+ lines more/);
});

it("counts rounds that are history, and cuts lines that are wider than the terminal", () => {
  const rounds = Array.from({ length: 12 }, (_, index) => ({
    ...passed,
    number: index + 1,
    cause: "x".repeat(90),
  }));
  const frame = roundsFrame({ ...head, rounds, tasks: [] }, look, 40);
  expect(frame[1]).toBe("     … 4 before");
  expect(frame.every((line) => line.length < 80)).toBe(true);
});

it("tells rounds as lines where there is no terminal, each news once", () => {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const display = roundsDisplay(stream, { isTTY: false, env: {} }, head);
  display.show({ number: 1, cause: "ks.yaml", at });
  display.emit({ at, kind: "start", id: "1", title: "Publish the tree" });
  display.emit({ at, kind: "start", id: "2", parent: "1", title: "push" });
  display.emit({ at, kind: "end", id: "2" });
  display.emit({ at, kind: "end", id: "1" });
  display.show({ number: 1, cause: "ks.yaml", at, first: { hasPassed: true, ms: 8_000 } });
  display.show({ ...passed, cause: "ks.yaml", first: { hasPassed: true, ms: 8_000 } });
  display.close();
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.replace(/^\s*\S+\s+/, ""));
  expect(lines).toEqual([
    "note   persistence",
    "note   round 1: ks.yaml",
    "done   Publish the tree (0 ms)",
    "note   round 1: first step passed after 8.0 s",
    "note   round 1: passed after 1 min 58 s",
  ]);
});

it("says nothing that is secret", () => {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  addSecret("password", "T4mZk8BfY69pQ2");
  const display = roundsDisplay(stream, { isTTY: false, env: {} }, head);
  display.say("no shell can be had: T4mZk8BfY69pQ2 is wrong");
  display.close();
  expect(text).toContain("no shell can be had: [redacted password] is wrong");
});

it("knows the first of the tasks that are meant to end", () => {
  const told: [boolean, number][] = [];
  const sink = firstEnd(
    (title) => title.endsWith("is Ready"),
    (hasPassed, when) => told.push([hasPassed, when]),
  );
  sink.emit({ at: 1, kind: "start", id: "a", title: "home" });
  sink.emit({ at: 2, kind: "start", id: "b", title: "one: Flux is Ready" });
  sink.emit({ at: 3, kind: "end", id: "a" });
  sink.emit({ at: 4, kind: "end", id: "b", error: "no" });
  sink.emit({ at: 5, kind: "end", id: "b" });
  expect(told).toEqual([[false, 4]]);
});
