import { block, cell, code } from "../base/index.ts";
import {
  type Failure,
  formatDuration,
  hasPassed,
  isInapplicable,
  passTogether,
  type RunResult,
} from "../report/index.ts";

/** One lane of the matrix; without a result its process ended before it could say anything. */
export interface Lane {
  name: string;
  result: RunResult | undefined;
  /** Why what it left is not believed. */
  doubt?: string;
}

/** What GitHub says: `success`, or that one failed, was cancelled or never started. */
export interface Seen {
  /** Of all lanes together. */
  lanes?: string | undefined;
  /** Of the check before them. */
  check?: string | undefined;
}

const verdicts: Record<RunResult["status"], string> = {
  passed: "✅ passed",
  failed: "❌ failed",
  error: "⚠️ could not run",
  interrupted: "⚠️ interrupted",
  "not applicable": "➖ not applicable",
};

/** A result proves nothing that GitHub has not seen. */
export function haveAllPassed(lanes: readonly Lane[], seen: Seen = {}): boolean {
  const isSeen = [seen.lanes, seen.check].every((state = "success") => state === "success");
  return isSeen && passTogether(lanes);
}

/** What a person sees first: the verdict, what to mend in each lane that failed, and the table. */
export function renderHead(lanes: readonly Lane[], seen?: Seen): string {
  const rows = [["scenario", "verdict", "steps", "time", "failed at"], ...lanes.map(rowOf)];
  const troubles = lanes.flatMap(shortTroubles);
  return [
    headOf(lanes, seen),
    ...(troubles.length === 0 ? [] : [troubles.join("\n")]),
    ...(lanes.length === 0 ? [] : [tableOf(rows)]),
  ].join("\n\n");
}

/** A job summary holds 1 MiB of UTF-8; all of it is in the evidence. */
const limitCharacters = 250_000;

/** The whole summary: the head, and folded below it what each failed lane has to say. */
export function renderLanes(lanes: readonly Lane[], seen?: Seen): string {
  const text = [renderHead(lanes, seen), ...lanes.flatMap(troublesOf)].join("\n\n");
  if (text.length <= limitCharacters) return `${text}\n`;
  return `${text.slice(0, text.lastIndexOf("\n\n<details>", limitCharacters))}\n\nMore is in the artifacts.\n`;
}

function headOf(lanes: readonly Lane[], seen: Seen = {}): string {
  const passed = lanes.filter(hasPassed).length;
  const left = lanes.filter(isInapplicable).length;
  const count = `${passed} of ${lanes.length - left} scenarios passed${left === 0 ? "" : `, ${left} not applicable`}`;
  const errors = Math.max(0, ...lanes.map(({ result }) => result?.checkErrors?.length ?? 0));
  if (haveAllPassed(lanes, seen))
    return errors === 0
      ? `## ✅ ${count}`
      : `## ⚠️ ${count}, but the check finds what no scenario shows (${errors} in the tree)`;
  const { lanes: ended = "success", check = "success" } = seen;
  if (lanes.length === 0 && check !== "success") return "## ❌ the check of the manifests let no lane start";
  if (passed < lanes.length - left || passed === 0) return `## ❌ ${count}`;
  return ended === "success"
    ? `## ❌ ${count}, but the check of the manifests ended otherwise (${check})`
    : `## ❌ ${count}, but GitHub saw a lane end otherwise (${ended})`;
}

function rowOf({ name, result, doubt }: Lane): string[] {
  if (!result) return [name, doubt === undefined ? "⚠️ no result" : "⚠️ not believed", "", "", ""];
  const steps = result.scenarios.flatMap((scenario) => scenario.steps);
  const passed = steps.filter(({ status }) => status === "passed").length;
  const failed = steps.find(({ status }) => status === "failed");
  const time = formatDuration(result.ms);
  const left = steps.filter(({ status }) => status === "not applicable").length;
  const told = `${passed} of ${steps.length - left}${left === 0 ? "" : `, ${left} not applicable`}`;
  const where = failed ? cell(failed.title, 80) : "";
  return [name, verdicts[result.status], told, time, where];
}

interface Trouble {
  at: string;
  failure: Failure;
}

function troublesIn({ result, doubt }: Lane): Trouble[] {
  if (!result) {
    const message =
      doubt === undefined
        ? "the lane left no result; its log says how it ended"
        : `what the lane left is not believed: ${doubt}`;
    return [{ at: "", failure: { message } }];
  }
  return [
    ...result.scenarios.flatMap(({ steps, failure }) => [
      ...steps.flatMap((step) => (step.failure ? [{ at: step.title, failure: step.failure }] : [])),
      ...(failure ? [{ at: "", failure }] : []),
    ]),
    ...(result.error ? [{ at: "", failure: result.error }] : []),
  ];
}

/** One line for the first trouble of the lane: what was seen, where to mend it, how. */
function shortTroubles(lane: Lane): string[] {
  const [first] = troublesIn(lane);
  if (first === undefined) return [];
  const { message, where = [], remedy } = first.failure;
  const [place] = where;
  const parts = [
    `- **${lane.name}**: ${code(message)}`,
    ...(place === undefined ? [] : [`in ${code(place)}`]),
    ...(remedy === undefined ? [] : [`→ ${code(remedy)}`]),
  ];
  return [parts.join(" ")];
}

function troublesOf(lane: Lane): string[] {
  return troublesIn(lane).map(({ at, failure }) => {
    const { message, remedy, where = [], at: line, details } = failure;
    return [
      // A summary is HTML: in it Markdown has no code.
      `<details><summary>${lane.name}${at === "" ? "" : `: <code>${escaped(at)}</code>`}</summary>`,
      block(message),
      ...(remedy === undefined ? [] : [`What to do:\n\n${block(remedy)}`]),
      ...(where.length === 0 ? [] : [`Where to look:\n\n${block(where.join("\n"))}`]),
      ...(line === undefined ? [] : [`At ${code(line)}`]),
      ...(details === undefined ? [] : [`Details:\n\n${block(shortened(details))}`]),
      "</details>",
    ].join("\n\n");
  });
}

function escaped(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").slice(0, 200);
  return line.replaceAll(/[^\p{L}\p{N} ,;.-]/gu, (character) => `&#${character.codePointAt(0)};`);
}

const detailLines = 40;

function shortened(details: string): string {
  const lines = details.split("\n");
  if (lines.length <= detailLines) return details;
  return [...lines.slice(0, detailLines), `… ${lines.length - detailLines} more lines in the evidence`].join(
    "\n",
  );
}

/** Padded, so that it is a table for a terminal too. */
function tableOf([head = [], ...body]: string[][]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((row) => (row[column] ?? "").length)),
  );
  const line = (row: string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
