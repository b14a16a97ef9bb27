import { code, fenced } from "../../base/index.ts";
import type { TouchedScenario } from "../changes/touched.ts";
import type { CheckResult } from "../check-tree.ts";
import { baseOf, countOf, headOf } from "./comparison.ts";
import { fileFrom } from "./place.ts";
import { verdictOf } from "./text.ts";

interface MarkdownOptions {
  /** Files are named from here. */
  directory: string;
  touched: readonly TouchedScenario[];
}

/** GitHub shows nothing at all of a summary above a mebibyte; in bytes, what is left out is in the log. */
const most = { findings: 350_000, scenarios: 100_000, changes: 500_000, difference: 100_000 };
/** Of a scenario. */
const mostReasons = 10;

/** The verdict, the findings and the comparison for GitHub's summary of a job; what is not ours stands as code. */
export function checkMarkdown(result: CheckResult, { directory, touched }: MarkdownOptions): string {
  const findings = result.findings.map((finding) => {
    const file = fileFrom(result.home, finding, directory);
    const place =
      file === undefined ? "" : ` ${code(`${file}${finding.line === undefined ? "" : `:${finding.line}`}`)}`;
    const word = finding.severity === "error" ? "**broken**" : "to judge";
    return `- ${word}${place}: ${code(finding.message, 600)}<br>${code(finding.remedy, 600)}`;
  });
  const parts = [
    "## Check of the manifests",
    code(verdictOf(result)),
    ...(findings.length > 0 ? [fitting(findings, "\n", most.findings)] : []),
    ...comparisonParts(result, { directory, touched }),
  ];
  return `${parts.join("\n\n")}\n`;
}

function comparisonParts(
  { home, comparison }: CheckResult,
  { directory, touched }: MarkdownOptions,
): string[] {
  if (!comparison) return [];
  const changes = comparison.changes.map((change) => {
    const { what, object, file } = headOf({ home }, change, directory);
    const text = change.lines.join("\n");
    const isShown = Buffer.byteLength(text) <= most.difference;
    const lines = isShown ? fenced(text, "diff") : "The difference is in the log.";
    return `**${what}** ${code(object)}${file === undefined ? "" : ` in ${code(file)}`}\n\n<details><summary>lines</summary>\n\n${lines}\n\n</details>`;
  });
  const scenarios = touched.map(({ name, why }) => {
    const reasons = why.slice(0, mostReasons).map(({ what, because }) => `${code(what)} (${because})`);
    const more = why.length > mostReasons ? ` and ${why.length - mostReasons} more` : "";
    return `- ${code(name)}: ${reasons.join(", ")}${more}`;
  });
  return [
    `### Compared with ${code(baseOf(comparison))}: ${countOf(comparison)}`,
    ...(scenarios.length > 0
      ? [`Scenarios that this can touch:\n\n${fitting(scenarios, "\n", most.scenarios)}`]
      : []),
    ...(changes.length > 0 ? [fitting(changes, "\n\n", most.changes)] : []),
  ];
}

/** As many of them, from the first, as take no more bytes; and how many there are beside. */
function fitting(parts: readonly string[], separator: string, bytes: number): string {
  let left = bytes;
  const end = parts.findIndex((part) => {
    left -= Buffer.byteLength(part) + separator.length;
    return left < 0;
  });
  if (end < 0) return parts.join(separator);
  return [...parts.slice(0, end), `- … ${parts.length - end} more, in the log`].join(separator);
}
