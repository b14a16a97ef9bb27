import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { LastTimeOf } from "./heartbeat.ts";
import type { Sink } from "./progress-sink.ts";
import { createTaskTree, pathOf, type TaskState } from "./task-tree.ts";

/**
 * How long each long task took when it was done last, by its path: what a display says of how far it is. Closing stores
 * what was learnt.
 */
export interface LastTimes extends Sink {
  /** Undefined for a task that was never done here, or was quick. */
  of: LastTimeOf;
}

/** What is over sooner needs no estimate. */
const worthMs = 10_000;
/** More paths than all commands together have; a renamed step must not stay for ever. */
const mostPaths = 400;

const stored = z.record(z.string(), z.number());

/** From the file, which need not be there; tasks that fail teach nothing. */
export function openLastTimes(file: string): LastTimes {
  const times = read(file);
  const tree = createTaskTree();
  let isChanged = false;

  function learn(task: TaskState): void {
    const ms = (task.endedAt ?? task.startedAt) - task.startedAt;
    if (ms < worthMs || task.error !== undefined || task.wait !== undefined) return;
    const path = pathOf(task);
    times.delete(path); // the youngest stands last
    times.set(path, ms);
    isChanged = true;
  }

  return {
    of: (task) => times.get(pathOf(task)),
    emit(event) {
      const task = tree.apply(event);
      if (event.kind !== "end" || !task) return;
      learn(task);
      if (!task.parent) tree.forget(task);
    },
    close() {
      if (isChanged) write(file, Object.fromEntries([...times].slice(-mostPaths)));
      isChanged = false;
    },
  };
}

/** A cache that cannot be written costs the next estimate, not the run. */
function write(file: string, times: Record<string, number>): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(times));
  } catch {}
}

function read(file: string): Map<string, number> {
  try {
    return new Map(Object.entries(stored.parse(JSON.parse(readFileSync(file, "utf8")))));
  } catch {
    return new Map();
  }
}
