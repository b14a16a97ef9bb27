import { exitCodes } from "../base/index.ts";
import {
  type Failure,
  type MutantResult,
  type RunResult,
  type ScenarioResult,
  statusOfAll,
} from "../report/index.ts";

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
    command === "mutants" ? statusOfMutants(mutants) : statusOfAll(scenarios.map(({ status }) => status));
  return { status, exitCode: status === "failed" ? exitCodes.failed : 0 };
}

const statusOfMutants = (mutants: readonly MutantResult[]) =>
  statusOfAll(
    mutants.map(({ outcome }) =>
      outcome === "not applicable" ? outcome : outcome === "caught" ? "passed" : "failed",
    ),
  );

/** A step that failed because the surroundings broke (the engine died) says nothing about the manifests. */
export function troubleOf({ failure, steps }: ScenarioResult): Failure | undefined {
  const failures = [failure, ...steps.map((step) => step.failure)];
  return failures.find((one) => one?.code === "environment");
}
