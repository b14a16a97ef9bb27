import { exitCodes } from "../base/index.ts";
import type { Failure, MutantResult, RunResult, ScenarioResult } from "../report/index.ts";

interface Findings {
  command: RunResult["command"];
  isInterrupted: boolean;
  error: Failure | undefined;
  scenarios: ScenarioResult[];
  mutants: MutantResult[];
}

/** The verdict of a run and the exit code that goes with it. */
export function concludeRun({ command, isInterrupted, error, scenarios, mutants }: Findings): {
  status: RunResult["status"];
  exitCode: number;
} {
  if (isInterrupted) return { status: "interrupted", exitCode: exitCodes.interrupted };
  const trouble = error ?? scenarios.map(troubleOf).find((failure) => failure !== undefined);
  if (trouble) return { status: "error", exitCode: exitCodes[trouble.code ?? "environment"] };
  const status =
    command === "mutants" ? statusOfMutants(mutants) : statusOf(scenarios.map(({ status }) => status));
  return { status, exitCode: status === "failed" ? exitCodes.failed : 0 };
}

type Status = ScenarioResult["status"];

/** One that is not applicable to the tree neither passes nor fails; where none is, nothing is wrong and nothing is proved. */
function statusOf(all: readonly Status[]): Status {
  const applicable = all.filter((status) => status !== "not applicable");
  if (applicable.length === 0) return all.length > 0 ? "not applicable" : "failed";
  return applicable.every((status) => status === "passed") ? "passed" : "failed";
}

function statusOfMutants(mutants: readonly MutantResult[]): Status {
  const caught = (outcome: MutantResult["outcome"]) => (outcome === "caught" ? "passed" : "failed");
  return statusOf(mutants.map(({ outcome }) => (outcome === "not applicable" ? outcome : caught(outcome))));
}

/** A step that failed because the surroundings broke (the engine died) says nothing about the manifests. */
export function troubleOf({ failure, steps }: ScenarioResult): Failure | undefined {
  const failures = [failure, ...steps.map((step) => step.failure)];
  return failures.find((one) => one?.code === "environment");
}
