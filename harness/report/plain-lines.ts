import { stripVTControlCharacters } from "node:util";
import { printable } from "../base/index.ts";
import { formatDuration } from "./duration.ts";
import { heartbeatLines, type LastTimeOf } from "./heartbeat.ts";
import type { Sink } from "./progress-sink.ts";
import { createTaskTree, pathOf, type TaskState } from "./task-tree.ts";

const heartbeatMs = 30_000;

/**
 * One line for the start and the end of each task, and every 30 s one for each group that is at work; no control
 * characters. Waits have no lines of their own: that one says what they saw last. `isBrief`: only the ends of tasks that
 * are part of no other.
 */
export function plainLines(
  write: (text: string) => void,
  lastTimeOf: LastTimeOf = () => undefined,
  { isBrief = false } = {},
): Sink {
  const tree = createTaskTree();
  const begin = Date.now();
  const lastLine = new Map<TaskState, number>();

  function line(at: number, word: string, text: string): void {
    const clean = printable(stripVTControlCharacters(text)).replaceAll(/\s*\n\s*/g, " | ");
    write(`${((at - begin) / 1_000).toFixed(1).padStart(7)}s  ${word.padEnd(7)}${clean}\n`);
  }

  const heartbeat = setInterval(() => {
    const now = Date.now();
    for (const { task, text } of heartbeatLines(tree.running(), now, lastTimeOf)) {
      if (now - (lastLine.get(task) ?? task.startedAt) < heartbeatMs) continue;
      lastLine.set(task, now);
      line(now, "still", text);
    }
  }, 1_000);
  heartbeat.unref();

  return {
    emit(event) {
      const task = tree.apply(event);
      if (event.kind === "note") return line(event.at, "note", event.text);
      if (!task || task.wait !== undefined || event.kind === "update" || event.kind === "fact") return;
      if (isBrief && (event.kind === "start" || task.parent)) return;
      if (event.kind === "start") return line(event.at, "start", pathOf(task));
      const took = `(${formatDuration(event.at - task.startedAt)})`;
      if (event.error === undefined) line(event.at, "done", `${pathOf(task)} ${took}`);
      else line(event.at, "failed", `${pathOf(task)} ${took}: ${event.error}`);
      lastLine.delete(task);
      if (!task.parent) tree.forget(task);
    },
    close: () => clearInterval(heartbeat),
  };
}
