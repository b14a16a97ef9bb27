import { formatDuration } from "./duration.ts";
import { type LastTimeOf, percentOf, timesOf } from "./heartbeat.ts";
import type { Paint } from "./paint.ts";
import { type TaskState, wordOf } from "./task-tree.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** How long each picture of the spinner is shown. */
export const frameMs = 100;

/** What a line of a task depends on beside the task. */
export interface Look {
  now: number;
  paint: Paint;
  lastTimeOf: LastTimeOf;
  columns: number;
}

/** A running task and those in it, one line each. */
export function linesOf(task: TaskState, depth: number, look: Look): string[] {
  if (task.endedAt !== undefined) return [endedLine(task, depth, look.paint)];
  const tasks = task.children.filter(({ wait }) => wait === undefined);
  return [runningLine(task, depth, look), ...tasks.flatMap((child) => linesOf(child, depth + 1, look))];
}

export function endedLine(task: TaskState, depth: number, paint: Paint): string {
  const symbol = task.error === undefined ? paint("green", "✔") : paint("red", "✖");
  const took = formatDuration((task.endedAt ?? task.startedAt) - task.startedAt);
  return `${"  ".repeat(depth)}${symbol} ${task.title} ${paint("dim", took)}`;
}

/** One line of the terminal, however much there is to say. */
function runningLine(task: TaskState, depth: number, { now, paint, lastTimeOf, columns }: Look): string {
  const frame = frames[Math.floor(now / frameMs) % frames.length] ?? "-";
  const times = timesOf(now - task.startedAt, lastTimeOf(task));
  const word = wordOf(task);
  const tail = `${percentOf(task)}${word === undefined ? "" : ` ${word}`}`;
  const room = columns - 1 - [...`${"  ".repeat(depth)}- ${task.title} ${times}`].length;
  const shown = [...tail].length <= room ? tail : `${[...tail].slice(0, Math.max(0, room - 1)).join("")}…`;
  return `${"  ".repeat(depth)}${paint("cyan", frame)} ${task.title} ${paint("dim", `${times}${shown}`)}`;
}
