import { stripVTControlCharacters } from "node:util";
import { printable } from "../../base/index.ts";
import type { Failure } from "../result.ts";
import { endedLine, type Look, linesOf } from "../task-lines.ts";
import type { TaskState } from "../task-tree.ts";
import { failureLines } from "../verdict.ts";
import { type Round, roundLine } from "./round.ts";

export interface RoundsState {
  /** What is going on, and where it can be seen. */
  title: string;
  /** What the keys do. */
  keys: string;
  rounds: Round[];
  /** Tasks of the round that runs, or of none. */
  tasks: readonly TaskState[];
  /** What was said last beside the rounds. */
  said?: string | undefined;
}

/** More rounds than this are history. */
const mostRounds = 8;

/** The whole screen, as lines of at most `columns` and no more of them than there are rows. */
export function roundsFrame(state: RoundsState, look: Look, rows: number): string[] {
  const { title, keys, rounds, tasks, said } = state;
  const { paint, now } = look;
  const hidden = rounds.length - mostRounds;
  const history = hidden > 0 ? [paint("dim", `     … ${hidden} before`)] : [];
  const head = [
    paint("bold", title),
    ...history,
    ...rounds.slice(-mostRounds).map((round) => roundLine(round, paint, now)),
  ];
  const foot = ["", ...(said === undefined ? [] : said.split("\n")), paint("dim", keys)];
  const room = Math.max(3, rows - head.length - foot.length - 1);
  const middle = middleOf(rounds.at(-1), tasks, look);
  const isCut = middle.length > room;
  const shown = isCut
    ? [...middle.slice(0, room - 1), paint("dim", `     … ${middle.length - room + 1} lines more`)]
    : middle;
  return [...head, ...shown, ...foot].map((line) => cut(printable(line), look.columns));
}

/** What the last round is at, or why it failed, and what goes on beside; that is what is looked at. */
function middleOf(last: Round | undefined, tasks: readonly TaskState[], look: Look): string[] {
  const isRunning = last?.outcome === undefined;
  const lines = tasks.flatMap((task) => {
    if (task.endedAt === undefined) return linesOf(task, 0, look);
    return isRunning ? [endedLine(task, 0, look.paint)] : [];
  });
  const beginning = last?.beginning === undefined ? [] : [look.paint("dim", last.beginning)];
  const why = last?.failure && !isRunning ? ["", ...failureOf(last, last.failure, look), ""] : [];
  return [...beginning, ...why, ...lines].map((line) => (line === "" ? "" : `     ${line}`));
}

function failureOf({ step }: Round, failure: Failure, { paint }: Look): string[] {
  const title = step === undefined ? [] : [paint("red", step)];
  return [...title, ...failureLines(failure, paint).flatMap((text) => text.split("\n"))];
}

/** One line of the terminal; a line that must be cut loses its colours. */
function cut(line: string, columns: number): string {
  const plain = [...stripVTControlCharacters(line)];
  return plain.length < columns ? line : `${plain.slice(0, Math.max(0, columns - 2)).join("")}…`;
}
