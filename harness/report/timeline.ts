import type { ProgressEvent } from "./progress-events.ts";
import type { Sink } from "./progress-sink.ts";
import { createTaskTree, type TaskState } from "./task-tree.ts";

/** One phase or wait; times in milliseconds, `startMs` since the beginning of the run. */
export interface TimelineEntry {
  title: string;
  startMs: number;
  /** Missing while it runs, or when it never ended. */
  ms?: number;
  error?: string;
  children: TimelineEntry[];
}

/** Remembers every task for results/<run>/timeline.json. */
export function createTimeline(): Sink & { entries(): TimelineEntry[] } {
  const tree = createTaskTree();
  const begin = Date.now();

  function entryOf(task: TaskState): TimelineEntry {
    return {
      title: task.title,
      startMs: task.startedAt - begin,
      ...(task.endedAt === undefined ? {} : { ms: task.endedAt - task.startedAt }),
      ...(task.error === undefined ? {} : { error: task.error }),
      children: task.children.map(entryOf),
    };
  }

  return {
    emit: (event: ProgressEvent) => void tree.apply(event),
    close: () => {},
    entries: () => tree.roots.map(entryOf),
  };
}
