import { expect, it } from "vitest";
import type { TimelineEntry } from "../../timeline.ts";
import { taskGroups } from "./rows.ts";

const within = { startMs: 0, ms: 20_000, children: [] };
const guard = { title: "no key is missing", kind: "guard" as const, ...within };

function rowsOf(...children: TimelineEntry[]): string[] | undefined {
  const entries = [{ title: "Flux applies the tree", ...within, children }];
  const timeline = { version: 2 as const, startedAt: "2026-11-21T12:00:00Z", entries, streams: [] };
  return taskGroups(timeline, [], 20_000)[0]?.rows[0]?.children.map(({ title }) => title);
}

it("has a row for what is waited for, and for a guard only where it has ended the wait", () => {
  const wait = { title: "the pod is Ready", kind: "wait" as const, ...within };
  expect(rowsOf(wait, guard)).toEqual(["the pod is Ready"]);
  expect(rowsOf(wait, { ...guard, error: "a key is missing" })).toEqual([
    "the pod is Ready",
    "no key is missing",
  ]);
});
