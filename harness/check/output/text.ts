import type { CheckResult } from "../check-tree.ts";
import type { Finding } from "../finding.ts";
import { fileFrom } from "./place.ts";

type Style = "red" | "green" | "yellow" | "dim" | "bold";

interface TextOptions {
  /** Files are named from here. */
  directory: string;
  paint(style: Style, text: string): string;
}

/** The findings, each with place and remedy, then the twelve pitfalls, then a verdict. */
export function checkText(result: CheckResult, { directory, paint }: TextOptions): string {
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
    paint("bold", verdictOf(result)),
  ];
  return `${sections.join("\n\n")}\n`;
}

function verdictOf({ findings, home }: CheckResult): string {
  const count = (severity: Finding["severity"]) => findings.filter((one) => one.severity === severity).length;
  const names = home.workspaces.map(({ name }) => name).join(", ") || "no workspace";
  const judged = count("warning") > 0 ? `, ${count("warning")} to judge` : "";
  return count("error") === 0
    ? `Nothing is broken in ${names}${judged}.`
    : `${count("error")} broken in ${names}${judged}.`;
}
