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

/** The run's own phases first, then each scenario with its steps. */
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
    const isOpen = scenarios.length === 1 || scenario.status === "failed";
    return { title: scenario.name, rows, isOpen };
  });
  const phases = timeline.entries.filter((entry) => !taken.has(entry)).map((entry) => rowOf(entry, totalMs));
  const own = { title: "The run", rows: phases, isOpen: scenarios.length < 2 };
  return [own, ...ofScenarios].filter(({ rows }) => rows.length > 0);
}

function rowOf(entry: TimelineEntry, totalMs: number, tone: Tone = "phase"): TaskRow {
  const { title, startMs, ms, error, said = [], children, kind } = entry;
  const own = error !== undefined ? "failed" : kind === "wait" ? "wait" : tone === "passed" ? tone : "phase";
  const isOver = ms !== undefined;
  return {
    title,
    tone: isOver ? (tone === "failed" ? tone : own) : "unended",
    startMs,
    endMs: isOver ? startMs + ms : totalMs,
    isOver,
    error,
    said,
    children: children.filter(isWorthARow).map((child) => rowOf(child, totalMs)),
  };
}

function isWorthARow({ kind, ms, error }: TimelineEntry): boolean {
  return kind !== "wait" || ms === undefined || ms >= worthMs || error !== undefined;
}
