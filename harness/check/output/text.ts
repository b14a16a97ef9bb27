import type { TouchedScenario } from "../changes/touched.ts";
import type { CheckResult } from "../check-tree.ts";
import type { Finding } from "../finding.ts";
import { baseOf, countOf, headOf } from "./comparison.ts";
import { fileFrom } from "./place.ts";

type Style = "cyan" | "red" | "green" | "yellow" | "dim" | "bold";

export interface TextOptions {
  /** Files are named from here. */
  directory: string;
  paint(style: Style, text: string): string;
  /** The scenarios that the change can touch. */
  touched?: readonly TouchedScenario[];
}

/** The findings, each with place and remedy, then the twelve pitfalls, then a verdict. */
export function checkText(result: CheckResult, options: TextOptions): string {
  const { directory, paint } = options;
  const findings = result.findings.map((finding) => {
    const file = fileFrom(result.home, finding, directory);
    const place =
      file === undefined ? "" : `${file}${finding.line === undefined ? "" : `:${finding.line}`}\n  `;
    const word = finding.severity === "error" ? paint("red", "broken") : paint("yellow", "to judge");
    return `${place}${word}: ${finding.message} ${paint("dim", `(${finding.id})`)}\n  ${finding.remedy}`;
  });
  const words = {
    holds: paint("green", "holds as far as it can be seen"),
    broken: paint("red", "broken"),
    unseen: paint("dim", "cannot be seen without a cluster"),
  };
  const pitfalls = result.pitfalls.map(
    ({ number, title, verdict, inCluster }) =>
      `  ${String(number).padStart(2)}  ${title}: ${words[verdict]}${verdict === "broken" ? "" : paint("dim", `; a run shows ${inCluster}`)}`,
  );
  const blind = result.home.blind.map((what) => `  ${what}`);
  const unjudged = result.unjudged.map(
    ({ kind, apiVersion, count }) => `  ${kind} (${apiVersion})${count > 1 ? `, ${count} objects` : ""}`,
  );
  const sections = [
    ...findings,
    `The twelve pitfalls:\n${pitfalls.join("\n")}`,
    ...(blind.length > 0 ? [`Not noticed here, since no outside.yaml was given:\n${blind.join("\n")}`] : []),
    ...(unjudged.length > 0
      ? [`Not looked at, since the harness has no schema of the kind:\n${unjudged.join("\n")}`]
      : []),
    ...comparisonSections(result, options),
    paint("bold", verdictOf(result)),
  ];
  return `${sections.join("\n\n")}\n`;
}

export function verdictOf({ findings, home }: CheckResult): string {
  const count = (severity: Finding["severity"]) => findings.filter((one) => one.severity === severity).length;
  const names = home.workspaces.map(({ name }) => name).join(", ") || "no workspace";
  const judged = count("warning") > 0 ? `, ${count("warning")} to judge` : "";
  return count("error") === 0
    ? `Nothing is broken in ${names}${judged}.`
    : `${count("error")} broken in ${names}${judged}.`;
}

/** Each object with its lines, then the scenarios with their reasons. */
function comparisonSections(
  { home, comparison }: CheckResult,
  { directory, paint, touched = [] }: TextOptions,
): string[] {
  if (!comparison) return [];
  const head = `${paint("bold", `Compared with ${baseOf(comparison)}:`)} ${countOf(comparison)}.`;
  const changes = comparison.changes.map((change) => {
    const { what, object, file } = headOf({ home }, change, directory);
    const lines = change.lines.map((line) => `  ${painted(line, paint)}`);
    return [`${what} ${object}${file === undefined ? "" : paint("dim", ` (${file})`)}`, ...lines].join("\n");
  });
  return [head, ...changes, ...touchedSections(comparison, touched)];
}

function touchedSections(
  { touches, idle }: NonNullable<CheckResult["comparison"]>,
  touched: readonly TouchedScenario[],
): string[] {
  const scenarios = touched.map(({ name, why }) =>
    [name, ...why.map(({ what, because }) => `  ${what}: ${because}`)].join("\n  "),
  );
  const seen = new Set(touched.flatMap(({ why }) => why.map(({ what }) => what)));
  const unseen = touches.map(({ what }) => what).filter((what) => !seen.has(what));
  const list = (title: string, lines: string[]) =>
    lines.length > 0 ? [`${title}:\n${lines.map((line) => `  ${line}`).join("\n")}`] : [];
  return [
    ...list("Scenarios that this can touch", scenarios),
    ...list("No scenario looks at", unseen),
    ...list("No workspace stands on", idle),
  ];
}

function painted(line: string, paint: TextOptions["paint"]): string {
  if (line.startsWith("@@")) return paint("cyan", line);
  if (line.startsWith("+")) return paint("green", line);
  return line.startsWith("-") ? paint("red", line) : line;
}
