import type { Division, StreamFact, WaitKind } from "../base/index.ts";
import type { ProgressEvent } from "./progress-events.ts";
import type { Sink } from "./progress-sink.ts";
import { createTaskTree, ownerOf, type TaskState } from "./task-tree.ts";

/** Something at one moment; `atMs` since the beginning of the run. */
export interface TimelineMoment {
  atMs: number;
  text: string;
}

/** One phase, step or wait; times in milliseconds, `startMs` since the beginning of the run. */
export interface TimelineEntry {
  title: string;
  /** A wait for the cluster, or a guard beside one: `said` tells what it saw meanwhile. */
  kind?: WaitKind;
  startMs: number;
  /** Missing while it runs, or when it never ended. */
  ms?: number;
  error?: string;
  said?: TimelineMoment[];
  notes?: TimelineMoment[];
  /** Acts upon the world: a pod deleted, a node killed. */
  marks?: TimelineMoment[];
  /** How something that took long divides; `startMs` since the beginning of the run. */
  divisions?: { title: string; startMs: number; parts: Division["parts"] }[];
  children: TimelineEntry[];
}

/** A stream that somebody held; times in milliseconds since the beginning of the run. */
export interface TimelineStream {
  name: string;
  /** Scenario or mutant that held it: others at the same time name theirs alike. Missing in timelines of before. */
  of?: string;
  startMs: number;
  endMs: number;
  /** It ended although nobody closed it, and why. */
  cut?: string;
  /** Missing where no byte came. */
  firstByteMs?: number;
  lastByteMs?: number;
  /** Whole seconds since the stream's start, and the bytes that came in that second. */
  bytes: StreamFact["bytes"];
}

/** results/<run>/timeline.json. */
export interface Timeline {
  version: 2;
  /** ISO 8601: what every other time counts from. */
  startedAt: string;
  entries: TimelineEntry[];
  streams: TimelineStream[];
  /** How often something happened in all, by its name; missing in timelines of before. */
  counts?: Record<string, number>;
}

/** A wait that changes its mind a thousand times has said enough with the first and the last of it. */
const mostSaid = 40;

/** Remembers every task for results/<run>/timeline.json. */
export function createTimeline(): Sink & { timeline(): Timeline } {
  const tree = createTaskTree();
  const begin = Date.now();
  const said = new Map<string, TimelineMoment[]>();
  const streams = new Map<string, TimelineStream>();
  const counts: Record<string, number> = {};

  function emit(event: ProgressEvent): void {
    const task = tree.apply(event);
    if (event.kind === "update" && task?.wait)
      remember(task.id, { atMs: event.at - begin, text: event.detail });
    if (event.kind === "fact" && event.fact.what === "stream")
      streams.set(event.fact.id, streamOf(event.fact, begin, task && ownerOf(task)));
    if (event.kind === "fact" && event.fact.what === "count")
      counts[event.fact.of] = (counts[event.fact.of] ?? 0) + event.fact.amount;
  }

  function remember(id: string, moment: TimelineMoment): void {
    const moments = said.get(id) ?? [];
    if (moments.length === mostSaid) moments.pop();
    said.set(id, [...moments, moment]);
  }

  return {
    emit,
    close: () => {},
    timeline: () => ({
      version: 2,
      startedAt: new Date(begin).toISOString(),
      entries: tree.roots.map((task) => entryOf(task, begin, said)),
      streams: [...streams.values()],
      ...(Object.keys(counts).length > 0 ? { counts: { ...counts } } : {}),
    }),
  };
}

function entryOf(task: TaskState, begin: number, said: ReadonlyMap<string, TimelineMoment[]>): TimelineEntry {
  const words = said.get(task.id) ?? [];
  const notes = task.notes.map(({ at, text }) => ({ atMs: at - begin, text }));
  const facts = task.facts;
  const marks = facts.flatMap(({ at, fact }) =>
    fact.what === "mark" ? [{ atMs: at - begin, text: fact.title }] : [],
  );
  const divisions = facts.flatMap(({ fact }) =>
    fact.what === "division"
      ? [{ title: fact.title, startMs: fact.startedAt - begin, parts: fact.parts }]
      : [],
  );
  return {
    title: task.title,
    ...(task.wait === undefined ? {} : { kind: task.wait }),
    startMs: task.startedAt - begin,
    ...(task.endedAt === undefined ? {} : { ms: task.endedAt - task.startedAt }),
    ...(task.error === undefined ? {} : { error: task.error }),
    ...(words.length > 0 ? { said: words } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(marks.length > 0 ? { marks } : {}),
    ...(divisions.length > 0 ? { divisions } : {}),
    children: task.children.map((child) => entryOf(child, begin, said)),
  };
}

function streamOf(fact: StreamFact, begin: number, of: string | undefined): TimelineStream {
  const { name, openedAt, until, cut, firstByteAt, lastByteAt, bytes } = fact;
  return {
    name,
    ...(of === undefined ? {} : { of }),
    startMs: openedAt - begin,
    endMs: until - begin,
    ...(cut === undefined ? {} : { cut }),
    ...(firstByteAt === undefined ? {} : { firstByteMs: firstByteAt - begin }),
    ...(lastByteAt === undefined ? {} : { lastByteMs: lastByteAt - begin }),
    bytes,
  };
}
