import type { CheckResult } from "../check-tree.ts";
import { fileFrom } from "./place.ts";

/** The result for machines; files as seen from the directory. */
export function checkJson(result: CheckResult, directory: string) {
  const findings = result.findings.map((finding) => ({
    ...finding,
    file: fileFrom(result.home, finding, directory),
  }));
  const isBroken = findings.some(({ severity }) => severity === "error");
  return {
    status: isBroken ? "broken" : "passed",
    workspaces: result.home.workspaces.map(({ name }) => name),
    findings,
    pitfalls: result.pitfalls.map(({ findings: own, ...pitfall }) => ({
      ...pitfall,
      findings: own.map(({ id }) => id),
    })),
    blind: result.home.blind,
    unjudged: result.unjudged,
  };
}
