import {
  HarnessError,
  messageOf,
  printable,
  type RunFact,
  redact,
  type Task,
  type WaitKind,
  withinTask,
} from "../base/index.ts";
import { redactIn } from "./redact-in.ts";

/** What happens to a task, as plain JSON, so that a vitest worker can send it to the process with the display. */
export type ProgressEvent = { /** Milliseconds since the epoch. */ at: number } & (
  | ({ kind: "start"; id: string; title: string } & StartDetails)
  | { kind: "update"; id: string; detail: string; fraction?: number }
  | { kind: "end"; id: string; error?: string }
  | { kind: "note"; parent?: string; text: string }
  | { kind: "fact"; parent?: string; fact: RunFact }
);

interface StartDetails {
  parent?: string;
  /** Missing where the task is no wait. */
  wait?: WaitKind;
  /** Scenario or mutant whose step it is; what runs in a step is its, too. */
  of?: string;
}

export type Emit = (event: ProgressEvent) => void;

/**
 * A `Progress` whose tasks, notes and facts become events; texts are redacted on the way. Ids are unique within one call.
 * It is a task itself, `rootTask`; without that an update of it is nobody's.
 */
export function progressEvents(emit: Emit, rootTask?: string): Task {
  let count = 0;

  function taskOf(parent: string | undefined): Task {
    const under = parent === undefined ? {} : { parent };
    return {
      note: (text) => emit({ at: Date.now(), kind: "note", text: shown(text), ...under }),
      update(detail, fraction) {
        if (parent === undefined) return;
        const known = fraction === undefined ? {} : { fraction };
        emit({ at: Date.now(), kind: "update", id: parent, detail: oneLine(shown(detail)), ...known });
      },
      record: (fact) => emit({ at: Date.now(), kind: "fact", fact: redactIn(fact), ...under }),
      async task(title, work, { kind } = {}) {
        const id = `${rootTask ?? ""}/${++count}`;
        const wait = kind === undefined ? {} : { wait: kind };
        emit({ at: Date.now(), kind: "start", id, title: shown(title), ...wait, ...under });
        const task = taskOf(id);
        try {
          const result = await withinTask(task, () => work(task));
          emit({ at: Date.now(), kind: "end", id });
          return result;
        } catch (error) {
          const why = isGivenUp(error, kind) ? {} : { error: shown(messageOf(error)) };
          emit({ at: Date.now(), kind: "end", id, ...why });
          throw error;
        }
      },
    };
  }

  return taskOf(rootTask);
}

const shown = (text: string): string => printable(redact(text));

/** Several things are often waited for at once, and the first that comes ends the wait for the others. */
function isGivenUp(error: unknown, kind: WaitKind | undefined): boolean {
  return kind !== undefined && error instanceof HarnessError && error.code === "interrupted";
}

/** Puts an event of another process below the task `root` of this one. */
export function reparent(event: ProgressEvent, root: string): ProgressEvent {
  const idOf = (id: string) => `${root}${id}`;
  if (event.kind === "update" || event.kind === "end") return { ...event, id: idOf(event.id) };
  const parent = event.parent === undefined ? root : idOf(event.parent);
  return event.kind === "start" ? { ...event, id: idOf(event.id), parent } : { ...event, parent };
}

/** A `Progress` that hands its events on, and knows at any time what is running (title and last detail), guards left out. */
export function forwardProgress(emit: Emit): { progress: Task; running: () => string[] } {
  const tasks = new Map<string, { title: string; detail?: string }>();
  const progress = progressEvents((event) => {
    if (event.kind === "start" && event.wait !== "guard") tasks.set(event.id, { title: event.title });
    if (event.kind === "end") tasks.delete(event.id);
    const known = event.kind === "update" ? tasks.get(event.id) : undefined;
    if (known && event.kind === "update") known.detail = event.detail;
    emit(event);
  });
  const running = () =>
    [...tasks.values()].map(({ title, detail }) => (detail === undefined ? title : `${title} (${detail})`));
  return { progress, running };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
