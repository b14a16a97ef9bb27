import type { TouchedScenario } from "../changes/touched.ts";
import type { CheckResult } from "../check-tree.ts";
import { blockers } from "../finding.ts";
import { headOf } from "./comparison.ts";
import { fileFrom } from "./place.ts";

/** The result for machines; files as seen from the directory. `touched`: the scenarios that the change can touch. */
export function checkJson(result: CheckResult, directory: string, touched: readonly TouchedScenario[] = []) {
  const findings = result.findings.map((finding) => ({
    ...finding,
    file: fileFrom(result.home, finding, directory),
  }));
  const isBroken = findings.some(({ severity }) => severity === "error");
  return {
    status: isBroken ? "broken" : "passed",
    isBlocked: blockers(result.findings).length > 0,
    workspaces: result.home.workspaces.map(({ name }) => name),
    findings,
    pitfalls: result.pitfalls.map(({ findings: own, ...pitfall }) => ({
      ...pitfall,
      findings: own.map(({ id }) => id),
    })),
    blind: result.home.blind,
    unjudged: result.unjudged,
    ...comparisonJson(result, directory, touched),
  };
}

function comparisonJson(
  { home, comparison }: CheckResult,
  directory: string,
  touched: readonly TouchedScenario[],
) {
  if (!comparison) return {};
  const { base, changes, idle } = comparison;
  const inDirectory = changes.map((change) => {
    const { file } = headOf({ home }, change, directory);
    return { ...change, ...(file === undefined ? {} : { file }) };
  });
  return { comparison: { base, changes: inDirectory, scenarios: touched, idle } };
}
