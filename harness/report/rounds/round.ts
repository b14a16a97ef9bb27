import { formatDuration } from "../duration.ts";
import type { Paint } from "../paint.ts";
import type { Failure } from "../result.ts";

/** One round of a command that goes on: what began it, and what came of it so far. Times in milliseconds. */
export interface Round {
  number: number;
  /** What began it: files that were saved, a key. */
  cause: string;
  /** Since the epoch: when that was. */
  at: number;
  /** How the world was made fit for it. */
  beginning?: string;
  /** The scenario's first verdict, since `at`. */
  first?: { hasPassed: boolean; ms: number };
  /** Missing while it runs. `overtaken`: something newer began the next one. `not applicable`: nothing of it is for this tree. */
  outcome?: "passed" | "failed" | "not applicable" | "overtaken";
  /** Until its verdict, since `at`. */
  ms?: number;
  /** Where and why it failed. */
  step?: string;
  failure?: Failure;
}

/** "2  12:04:10  helmrelease.yaml  ✖ failed after 14.2 s, first step after 8.1 s". */
export function roundLine(round: Round, paint: Paint, now: number): string {
  const { number, cause, at } = round;
  const time = new Date(at).toTimeString().slice(0, 8);
  return `${String(number).padStart(3)}  ${paint("dim", time)}  ${cause}  ${stateOf(round, paint, now)}`;
}

function stateOf({ outcome, ms, at, first }: Round, paint: Paint, now: number): string {
  const took = formatDuration(ms ?? now - at);
  const sooner =
    first === undefined
      ? ""
      : `, first step ${first.hasPassed ? "" : "failed "}after ${formatDuration(first.ms)}`;
  if (outcome === undefined) return paint("dim", `${took}${sooner}`);
  if (outcome === "overtaken") return paint("dim", `- overtaken after ${took}`);
  const words = {
    passed: paint("green", "✔ passed"),
    failed: paint("red", "✖ failed"),
    "not applicable": "- not applicable to this tree: nothing was proved,",
  };
  return `${words[outcome]} ${paint("dim", `after ${took}${sooner}`)}`;
}
