import type { ProgressEvent } from "./progress-events.ts";

export interface TaskState {
  id: string;
  title: string;
  parent: TaskState | undefined;
  children: TaskState[];
  startedAt: number;
  endedAt?: number;
  error?: string;
  detail?: string;
  fraction?: number;
}

/** What runs and what has run, built from the events. */
export interface TaskTree {
  readonly roots: TaskState[];
  /** Applies the event; returns the task it concerns, or undefined for a note outside of all tasks. */
  apply(event: ProgressEvent): TaskState | undefined;
  running(): TaskState[];
  /** Drops a root that is over and shown. */
  forget(root: TaskState): void;
}

export function createTaskTree(): TaskTree {
  const tasks = new Map<string, TaskState>();
  const roots: TaskState[] = [];

  function start(event: ProgressEvent & { kind: "start" }): TaskState {
    const parent = event.parent === undefined ? undefined : tasks.get(event.parent);
    const task = { id: event.id, title: event.title, parent, children: [], startedAt: event.at };
    tasks.set(task.id, task);
    (parent?.children ?? roots).push(task);
    return task;
  }

  function apply(event: ProgressEvent): TaskState | undefined {
    if (event.kind === "start") return start(event);
    if (event.kind === "note") return event.parent === undefined ? undefined : tasks.get(event.parent);
    const task = tasks.get(event.id);
    if (!task) return undefined;
    if (event.kind === "end") {
      task.endedAt = event.at;
      if (event.error !== undefined) task.error = event.error;
      return task;
    }
    task.detail = event.detail;
    if (event.fraction === undefined) delete task.fraction;
    else task.fraction = event.fraction;
    return task;
  }

  function forget(root: TaskState): void {
    roots.splice(roots.indexOf(root), 1);
    for (const task of withDescendants(root)) tasks.delete(task.id);
  }

  const running = () => [...tasks.values()].filter((task) => task.endedAt === undefined);
  return { roots, apply, running, forget };
}

function withDescendants(task: TaskState): TaskState[] {
  return [task, ...task.children.flatMap(withDescendants)];
}

/** "Start the platform > Flux": a task named with those above it. */
export function pathOf(task: TaskState): string {
  return task.parent ? `${pathOf(task.parent)} > ${task.title}` : task.title;
}
