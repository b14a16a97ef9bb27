import { AsyncLocalStorage } from "node:async_hooks";
import { silent, type Task } from "./progress.ts";

const running = new AsyncLocalStorage<Task>();

/**
 * The task that this code runs in: for the few places that everybody goes through (the waiter, a node's death), so that
 * nobody above has to hand a `Progress` down to them. Outside of every task nothing is shown.
 */
export function currentTask(): Task {
  return running.getStore() ?? silent;
}

/** Runs `work`, and all that it calls, within the task. */
export function withinTask<T>(task: Task, work: () => T): T {
  return running.run(task, work);
}

/** Tells the timeline that somebody has just done this to the world: "the pod … is deleted". */
export function mark(title: string): void {
  currentTask().record({ what: "mark", title });
}
