import { type Failure, formatDuration, type RunResult } from "../report/index.ts";

/** One lane of the matrix; without a result its process ended before it could say anything. */
export interface Lane {
  name: string;
  result: RunResult | undefined;
}

const verdicts: Record<RunResult["status"], string> = {
  passed: "✅ passed",
  failed: "❌ failed",
  error: "⚠️ could not run",
  interrupted: "⚠️ interrupted",
};

/** No lane at all proves nothing. */
export function haveAllPassed(lanes: readonly Lane[]): boolean {
  return lanes.length > 0 && lanes.every(({ result }) => result?.status === "passed");
}

/** The lanes as a Markdown table, and below it what went wrong in each and what to do about it. */
export function renderLanes(lanes: readonly Lane[]): string {
  const passed = lanes.filter(({ result }) => result?.status === "passed").length;
  const head = `## Scenarios: ${passed} of ${lanes.length} passed`;
  const rows = [["scenario", "verdict", "steps", "time", "failed at"], ...lanes.map(rowOf)];
  return `${[head, tableOf(rows), ...lanes.flatMap(troublesOf)].join("\n\n")}\n`;
}

function rowOf({ name, result }: Lane): string[] {
  if (!result) return [name, "⚠️ no result", "", "", ""];
  const steps = result.scenarios.flatMap((scenario) => scenario.steps);
  const passed = steps.filter(({ status }) => status === "passed").length;
  const failed = steps.find(({ status }) => status === "failed");
  const time = formatDuration(result.ms);
  const left = steps.filter(({ status }) => status === "not applicable").length;
  const told = `${passed} of ${steps.length - left}${left === 0 ? "" : `, ${left} not applicable`}`;
  return [name, verdicts[result.status], told, time, failed?.title ?? ""];
}

function troublesOf({ name, result }: Lane): string[] {
  if (!result) return [trouble(name, { message: "the lane left no result; its log says how it ended" })];
  return [
    ...result.scenarios.flatMap(({ steps, failure }) => [
      ...steps.flatMap((step) => (step.failure ? [trouble(`${name}: ${step.title}`, step.failure)] : [])),
      ...(failure ? [trouble(name, failure)] : []),
    ]),
    ...(result.error ? [trouble(name, result.error)] : []),
  ];
}

function trouble(title: string, { message, remedy, where = [], at, details }: Failure): string {
  return [
    `### ${inline(title)}`,
    block(message),
    ...(remedy === undefined ? [] : [`What to do:\n\n${block(remedy)}`]),
    ...(where.length === 0 ? [] : [`Where to look:\n\n${block(where.join("\n"))}`]),
    ...(at === undefined ? [] : [`At \`${at}\``]),
    ...(details === undefined ? [] : [`Details:\n\n${block(shortened(details))}`]),
  ].join("\n\n");
}

const detailLines = 40;

/** A job summary holds 1 MiB; all of it is in the evidence. */
function shortened(details: string): string {
  const lines = details.split("\n");
  if (lines.length <= detailLines) return details;
  return [...lines.slice(0, detailLines), `… ${lines.length - detailLines} more lines in the evidence`].join(
    "\n",
  );
}

/** Text that no Markdown can break out of: indented, so that fences in it mean nothing. */
function block(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}

function inline(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_|<>[\]]/g, "\\$&");
}

/** Padded, so that it is a table for a terminal too. */
function tableOf(rows: string[][]): string {
  const [head = [], ...body] = rows.map((row) => row.map(inline));
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((row) => (row[column] ?? "").length)),
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
