import { createLogUpdate } from "log-update";
import { formatDuration } from "./duration.ts";
import type { Paint } from "./paint.ts";
import type { Sink } from "./progress-sink.ts";
import { createTaskTree, type TaskState } from "./task-tree.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 100;

/** On a terminal: the running tasks with their times, redrawn in place; what is over stays above as one line. */
export function liveDisplay(stream: NodeJS.WriteStream, paint: Paint): Sink {
  const tree = createTaskTree();
  const update = createLogUpdate(stream);

  function draw(): void {
    const now = Date.now();
    const lines = tree.roots.flatMap((task) => linesOf(task, 0, now, paint));
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
        update.persist(lineOf(task, 0, event.at, paint));
        tree.forget(task);
      }
      if (event.kind !== "update") draw();
    },
    close() {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

function linesOf(task: TaskState, depth: number, now: number, paint: Paint): string[] {
  const line = lineOf(task, depth, now, paint);
  if (task.endedAt !== undefined) return [line];
  return [line, ...task.children.flatMap((child) => linesOf(child, depth + 1, now, paint))];
}

function lineOf(task: TaskState, depth: number, now: number, paint: Paint): string {
  const took = paint("dim", formatDuration((task.endedAt ?? now) - task.startedAt));
  const head = `${"  ".repeat(depth)}${symbolOf(task, now, paint)} ${task.title} ${took}`;
  if (task.endedAt !== undefined) return head;
  const percent = task.fraction === undefined ? "" : ` ${Math.floor(task.fraction * 100)} %`;
  return task.detail === undefined ? `${head}${percent}` : `${head}${percent} ${paint("dim", task.detail)}`;
}

function symbolOf(task: TaskState, now: number, paint: Paint): string {
  if (task.endedAt === undefined)
    return paint("cyan", frames[Math.floor(now / frameMs) % frames.length] ?? "-");
  return task.error === undefined ? paint("green", "✔") : paint("red", "✖");
}
