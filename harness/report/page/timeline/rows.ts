import type { ScenarioResult } from "../../result.ts";
import type { Timeline, TimelineEntry, TimelineMoment } from "../../timeline.ts";
import { stepEntry } from "../step-entry.ts";

export type Tone = "phase" | "passed" | "failed" | "unended" | "wait";

/** A task of the run as a row: its bar, what it saw while it waited, and what ran inside. */
export interface TaskRow {
  title: string;
  tone: Tone;
  startMs: number;
  endMs: number;
  isOver: boolean;
  isWait: boolean;
  error?: string | undefined;
  said: TimelineMoment[];
  children: TaskRow[];
}

/** Rows that belong together: what the run did around the scenarios, or one scenario. */
export interface TaskGroup {
  title: string;
  rows: TaskRow[];
  isOpen: boolean;
}

/** Waits that were over at once say nothing. */
const worthMs = 100;

/** More are mutants, which are to fail. */
const fewScenarios = 12;

/** The run's own phases, and each scenario with its steps, in the order in which they began. */
export function taskGroups(
  timeline: Timeline,
  scenarios: readonly ScenarioResult[],
  totalMs: number,
): TaskGroup[] {
  const taken = new Set<TimelineEntry>();
  const ofScenarios = scenarios.map((scenario) => {
    const rows = scenario.steps.flatMap((step) => {
      const entry = stepEntry(timeline, scenario, step);
      if (!entry || taken.has(entry)) return [];
      taken.add(entry);
      return [
        { ...rowOf(entry, totalMs, step.status === "failed" ? "failed" : "passed"), title: step.title },
      ];
    });
    const isOpen =
      scenarios.length === 1 || (scenario.status === "failed" && scenarios.length < fewScenarios);
    return { title: scenario.name, rows, isOpen };
  });
  const phases = timeline.entries.filter((entry) => !taken.has(entry)).map((entry) => rowOf(entry, totalMs));
  const own = { title: "The run", rows: phases, isOpen: scenarios.length < 2 };
  const groups = [own, ...ofScenarios].filter(({ rows }) => rows.length > 0);
  return inRoom(groups.toSorted((a, b) => firstOf(a) - firstOf(b)));
}

const firstOf = ({ rows }: TaskGroup) => Math.min(...rows.map(({ startMs }) => startMs));

/** A page of hundreds of mutants, each with dozens of waits, would be too large to open; timeline.json has them all. */
const mostRows = 2_500;

/** With the shorter waits left out, and then all of them, where there are too many rows. */
function inRoom(groups: TaskGroup[]): TaskGroup[] {
  const longEnough = [0, 2_000, 10_000, Number.POSITIVE_INFINITY];
  const tries = longEnough.map((leastMs) =>
    groups.map((group) => ({ ...group, rows: group.rows.map((row) => withoutWaits(row, leastMs)) })),
  );
  return tries.find((one) => countOf(one.flatMap(({ rows }) => rows)) <= mostRows) ?? tries.at(-1) ?? groups;
}

function withoutWaits(row: TaskRow, leastMs: number): TaskRow {
  const children = row.children.filter((child) => !child.isWait || child.endMs - child.startMs >= leastMs);
  return { ...row, children: children.map((child) => withoutWaits(child, leastMs)) };
}

function countOf(rows: readonly TaskRow[]): number {
  return rows.reduce((sum, { children }) => sum + 1 + countOf(children), 0);
}

function rowOf(entry: TimelineEntry, totalMs: number, tone: Tone = "phase"): TaskRow {
  const { title, startMs, ms, error, said = [], children, kind } = entry;
  const own =
    error !== undefined ? "failed" : kind !== undefined ? "wait" : tone === "passed" ? tone : "phase";
  const isOver = ms !== undefined;
  return {
    title,
    tone: isOver ? (tone === "failed" ? tone : own) : "unended",
    startMs,
    endMs: isOver ? startMs + ms : totalMs,
    isOver,
    isWait: kind !== undefined,
    error,
    said,
    children: children.filter(isWorthARow).map((child) => rowOf(child, totalMs)),
  };
}

function isWorthARow({ kind, ms, error }: TimelineEntry): boolean {
  if (kind === "guard") return error !== undefined;
  return kind !== "wait" || ms === undefined || ms >= worthMs || error !== undefined;
}
