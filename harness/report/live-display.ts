import { createLogUpdate } from "log-update";
import { formatDuration } from "./duration.ts";
import { type LastTimeOf, percentOf, timesOf } from "./heartbeat.ts";
import type { Paint } from "./paint.ts";
import type { Sink } from "./progress-sink.ts";
import { createTaskTree, type TaskState, wordOf } from "./task-tree.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 100;

/**
 * On a terminal: the running tasks with their times and what each waits for, one line each, redrawn in place; what is
 * over stays above as one line.
 */
export function liveDisplay(
  stream: NodeJS.WriteStream,
  paint: Paint,
  lastTimeOf: LastTimeOf = () => undefined,
): Sink {
  const tree = createTaskTree();
  const update = createLogUpdate(stream);

  function draw(): void {
    const surface = { now: Date.now(), paint, lastTimeOf, columns: stream.columns || 80 };
    const lines = tree.roots.flatMap((task) => linesOf(task, 0, surface));
    const room = Math.max(4, (stream.rows || 24) - 2);
    // The end of the list is where things happen; what does not fit is counted, not cut silently.
    const hidden = lines.length - room;
    const shown = hidden > 0 ? [paint("dim", `… ${hidden} more`), ...lines.slice(hidden)] : lines;
    update(shown.join("\n"));
  }

  const timer = setInterval(() => {
    if (tree.roots.length > 0) draw();
  }, frameMs);
  timer.unref();

  return {
    emit(event) {
      const task = tree.apply(event);
      if (event.kind === "note") update.persist(event.text);
      if (event.kind === "end" && task && !task.parent) {
        update.persist(endedLine(task, 0, paint));
        tree.forget(task);
      }
      if (event.kind === "start" || event.kind === "end") draw();
    },
    close() {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

interface Look {
  now: number;
  paint: Paint;
  lastTimeOf: LastTimeOf;
  columns: number;
}

function linesOf(task: TaskState, depth: number, look: Look): string[] {
  if (task.endedAt !== undefined) return [endedLine(task, depth, look.paint)];
  const tasks = task.children.filter(({ isWait }) => !isWait);
  return [runningLine(task, depth, look), ...tasks.flatMap((child) => linesOf(child, depth + 1, look))];
}

function endedLine(task: TaskState, depth: number, paint: Paint): string {
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
