import type { RunFact, WaitKind } from "../base/index.ts";
import type { ProgressEvent } from "./progress-events.ts";

export interface TaskState {
  id: string;
  title: string;
  /** Where it is a wait for the cluster, part of what its parent does, or a guard beside one. */
  wait?: WaitKind;
  /** Scenario or mutant whose step it is; of a step only. */
  of?: string;
  parent: TaskState | undefined;
  children: TaskState[];
  startedAt: number;
  endedAt?: number;
  error?: string;
  detail?: string;
  /** When `detail` came. */
  detailAt?: number;
  fraction?: number;
  notes: { at: number; text: string }[];
  facts: { at: number; fact: RunFact }[];
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
  const parentOf = ({ parent }: { parent?: string }) =>
    parent === undefined ? undefined : tasks.get(parent);

  function start(event: ProgressEvent & { kind: "start" }): TaskState {
    const parent = parentOf(event);
    const { id, title, wait, of, at: startedAt } = event;
    const named = { ...(wait === undefined ? {} : { wait }), ...(of === undefined ? {} : { of }) };
    const task = { id, title, ...named, parent, children: [], startedAt, notes: [], facts: [] };
    tasks.set(id, task);
    (parent?.children ?? roots).push(task);
    return task;
  }

  function apply(event: ProgressEvent): TaskState | undefined {
    if (event.kind === "start") return start(event);
    const task = "id" in event ? tasks.get(event.id) : parentOf(event);
    if (!task) return undefined;
    if (event.kind === "note") task.notes.push({ at: event.at, text: event.text });
    if (event.kind === "fact") task.facts.push({ at: event.at, fact: event.fact });
    if (event.kind === "end") end(task, event);
    if (event.kind === "update") update(task, event);
    return task;
  }

  function forget(root: TaskState): void {
    roots.splice(roots.indexOf(root), 1);
    for (const task of withDescendants(root)) tasks.delete(task.id);
  }

  const running = () => [...tasks.values()].filter((task) => task.endedAt === undefined);
  return { roots, apply, running, forget };
}

function end(task: TaskState, { at, error }: ProgressEvent & { kind: "end" }): void {
  task.endedAt = at;
  if (error !== undefined) task.error = error;
}

function update(task: TaskState, { at, detail, fraction }: ProgressEvent & { kind: "update" }): void {
  task.detail = detail;
  task.detailAt = at;
  if (fraction === undefined) delete task.fraction;
  else task.fraction = fraction;
}

function withDescendants(task: TaskState): TaskState[] {
  return [task, ...task.children.flatMap(withDescendants)];
}

/** Scenario or mutant in whose step the task runs. */
export function ownerOf({ of, parent }: TaskState): string | undefined {
  return of ?? (parent && ownerOf(parent));
}

/** "Start the platform > Flux": a task named with those above it. */
export function pathOf(task: TaskState): string {
  return task.parent ? `${pathOf(task.parent)} > ${task.title}` : task.title;
}

/** What a running task is at: its own last word, or that of the wait in it which spoke last. No guard is waited for. */
export function wordOf(task: TaskState): string | undefined {
  const waits = task.children.filter(({ wait, endedAt }) => wait === "wait" && endedAt === undefined);
  const [last] = waits.sort((a, b) => (b.detailAt ?? b.startedAt) - (a.detailAt ?? a.startedAt));
  if (!last) return task.detail;
  const others = waits.length > 1 ? ` (and ${waits.length - 1} more)` : "";
  return `${last.title}${last.detail === undefined ? "" : `: ${last.detail}`}${others}`;
}
