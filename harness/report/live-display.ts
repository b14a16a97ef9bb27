import { createLogUpdate } from "log-update";
import type { LastTimeOf } from "./heartbeat.ts";
import type { Paint } from "./paint.ts";
import type { Sink } from "./progress-sink.ts";
import { endedLine, frameMs, linesOf } from "./task-lines.ts";
import { createTaskTree } from "./task-tree.ts";

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
