import { createLogUpdate } from "log-update";
import { redact } from "../../base/index.ts";
import { formatDuration } from "../duration.ts";
import { paintFor, plain } from "../paint.ts";
import { plainLines } from "../plain-lines.ts";
import type { Screen } from "../progress.ts";
import type { Sink } from "../progress-sink.ts";
import { frameMs } from "../task-lines.ts";
import { createTaskTree, type TaskState } from "../task-tree.ts";
import { failureLines } from "../verdict.ts";
import type { Round } from "./round.ts";
import { type RoundsState, roundsFrame } from "./rounds-frame.ts";

/** Shows the rounds of a command that goes on. It is told every event of its tasks. */
export interface RoundsDisplay extends Sink {
  /** The round as it is now; a number that was not shown yet begins a new one. */
  show(round: Round): void;
  /** One thing beside the rounds that a person has asked for; the next takes its place. */
  say(text: string): void;
  /** The terminal is somebody else's until `resume`. */
  pause(): void;
  resume(): void;
}

export interface RoundsHead {
  title: string;
  keys: string;
}

/** On a terminal one screen that is redrawn; elsewhere lines. */
export function roundsDisplay(
  stream: NodeJS.WritableStream,
  screen: Screen,
  head: RoundsHead,
): RoundsDisplay {
  const isLive = screen.isTTY && !screen.env.CI && screen.env.TERM !== "dumb";
  return isLive
    ? liveRounds(stream as NodeJS.WriteStream, screen, head)
    : plainRounds((text) => void stream.write(text), screen, head);
}

function liveRounds(stream: NodeJS.WriteStream, screen: Screen, head: RoundsHead): RoundsDisplay {
  const paint = paintFor(screen);
  const tree = createTaskTree();
  const update = createLogUpdate(stream);
  const state: RoundsState & { tasks: TaskState[] } = { ...head, rounds: [], tasks: [] };
  let isPaused = false;

  function draw(): void {
    if (isPaused) return;
    const columns = stream.columns || 80;
    const look = { now: Date.now(), paint, lastTimeOf: screen.lastTimes?.of ?? (() => undefined), columns };
    update(roundsFrame(state, look, stream.rows || 24).join("\n"));
  }

  const timer = setInterval(draw, frameMs);
  timer.unref();
  return {
    emit(event) {
      const task = tree.apply(event);
      if (event.kind === "note") state.said = event.text;
      if (!task || task.parent) return;
      if (event.kind === "start") state.tasks.push(task);
      if (event.kind === "end") tree.forget(task);
    },
    show(round) {
      const isNew = put(state.rounds, round);
      if (isNew) state.tasks = state.tasks.filter(({ endedAt }) => endedAt === undefined);
      draw();
    },
    say(text) {
      state.said = redact(text);
      draw();
    },
    pause() {
      update.clear();
      isPaused = true;
    },
    resume() {
      isPaused = false;
      draw();
    },
    close() {
      clearInterval(timer);
      draw();
      isPaused = true;
      update.done();
    },
  };
}

/** In the place of the round with its number, or at the end. Returns whether it is new. */
function put(rounds: Round[], round: Round): boolean {
  const index = rounds.findIndex(({ number }) => number === round.number);
  if (index < 0) rounds.push(round);
  else rounds[index] = round;
  return index < 0;
}

function plainRounds(write: (text: string) => void, screen: Screen, { title }: RoundsHead): RoundsDisplay {
  const lines = plainLines(write, screen.lastTimes?.of, { isBrief: true });
  const note = (text: string) => lines.emit({ at: Date.now(), kind: "note", text });
  const shown = new Map<number, Round>();
  note(title);
  return {
    emit: (event) => lines.emit(event),
    show(round) {
      const before = shown.get(round.number);
      shown.set(round.number, round);
      for (const text of news(before, round)) note(text);
    },
    say: (text) => note(redact(text)),
    pause: () => {},
    resume: () => {},
    close: () => lines.close(),
  };
}

/** What the round says now that it did not say before. */
function news(before: Round | undefined, round: Round): string[] {
  const { number, cause, beginning, first, outcome, ms = 0, step, failure } = round;
  const name = `round ${number}`;
  const said: string[] = [];
  if (!before) said.push(`${name}: ${cause}`);
  if (beginning !== undefined && beginning !== before?.beginning) said.push(`${name}: ${beginning}`);
  if (first && !before?.first)
    said.push(
      `${name}: first step ${first.hasPassed ? "passed" : "failed"} after ${formatDuration(first.ms)}`,
    );
  if (outcome === undefined || before?.outcome !== undefined) return said;
  const where = step === undefined ? "" : ` at "${step}"`;
  said.push(`${name}: ${outcome}${where} after ${formatDuration(ms)}`);
  return failure ? [...said, ...failureLines(failure, plain)] : said;
}
