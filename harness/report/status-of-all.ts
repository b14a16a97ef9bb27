import type { ScenarioResult, StepResult } from "./result.ts";

/**
 * What the parts of something come to: steps of a scenario, scenarios of a run. One that is not applicable to the tree neither
 * passes nor fails; where none is, nothing is wrong and nothing is proved. Where there is none at all, it has failed.
 */
export function statusOfAll(parts: readonly StepResult["status"][]): ScenarioResult["status"] {
  const applicable = parts.filter((status) => status !== "not applicable");
  if (applicable.length === 0) return parts.length > 0 ? "not applicable" : "failed";
  return applicable.every((status) => status === "passed") ? "passed" : "failed";
}
