import type { RunFact } from "./run-facts.ts";

/**
 * A wait for the cluster is part of what its task does: displays show there what it saw last. A guard waits beside it for what
 * must not come; as long as that does not, nobody is told of it.
 */
export type WaitKind = "wait" | "guard";

export interface TaskOptions {
  kind?: WaitKind;
}

/**
 * What a room says while it works. `harness/report` shows it: live on a terminal, plain lines elsewhere.
 * Tasks may nest and may run side by side.
 */
export interface Progress {
  /** Runs `work` as a named task; its time and outcome are shown. Returns what `work` returns, throws what it throws. */
  task<T>(title: string, work: (task: Task) => Promise<T>, options?: TaskOptions): Promise<T>;
  /** One line for the reader, outside of any task. */
  note(text: string): void;
  /** Something for the timeline and the report; not shown while the run is under way. */
  record(fact: RunFact): void;
}

export interface Task extends Progress {
  /** What is going on right now; `fraction` (0 to 1) only where it is really known. */
  update(detail: string, fraction?: number): void;
}

/** What a verb that a step calls is given of the step: its end, and somebody to tell what was seen. */
export interface StepSurroundings {
  signal: AbortSignal;
  progress: Pick<Progress, "note">;
}

/** Shows nothing: for unit tests. */
export const silent: Task = {
  task: (_title, work) => work(silent),
  note: () => {},
  record: () => {},
  update: () => {},
};
