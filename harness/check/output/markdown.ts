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

/** GitHub cuts a summary above a mebibyte; what is longer is in the log. */
const mostDiff = 500_000;

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
    ...(findings.length > 0 ? [findings.join("\n")] : []),
    ...comparisonParts(result, { directory, touched }),
  ];
  return `${parts.join("\n\n")}\n`;
}

function comparisonParts(
  { home, comparison }: CheckResult,
  { directory, touched }: MarkdownOptions,
): string[] {
  if (!comparison) return [];
  let left = mostDiff;
  const changes = comparison.changes.map((change) => {
    const { what, object, file } = headOf({ home }, change, directory);
    const text = change.lines.join("\n");
    left -= text.length;
    const lines = left > 0 ? fenced(text, "diff") : "The difference is in the log.";
    return `**${what}** ${code(object)}${file === undefined ? "" : ` in ${code(file)}`}\n\n<details><summary>lines</summary>\n\n${lines}\n\n</details>`;
  });
  const scenarios = touched.map(
    ({ name, why }) =>
      `- ${code(name)}: ${why.map(({ what, because }) => `${code(what)} (${because})`).join(", ")}`,
  );
  return [
    `### Compared with ${code(baseOf(comparison))}: ${countOf(comparison)}`,
    ...(scenarios.length > 0 ? [`Scenarios that this can touch:\n\n${scenarios.join("\n")}`] : []),
    ...changes,
  ];
}
