import type { RunResult } from "../result.ts";
import type { Timeline } from "../timeline.ts";
import { failedWorkspace, type ShownFailure } from "./failure-view.ts";
import type { RunPageData } from "./run-page-data.ts";
import { failureId } from "./scenarios-view.ts";
import { startEvidence } from "./start-evidence.ts";
import { stepEntry } from "./step-entry.ts";

/** Of the steps, of what was outside of them, and what stopped the run; for mutants only what stopped it. */
export function shownFailures(data: RunPageData): ShownFailure[] {
  const { result, timeline, evidence, pictures, workspaces } = data;
  const ofScenarios = result.command === "scenario" ? scenarioFailures(result) : [];
  const stop: ShownFailure[] = result.error
    ? [{ id: "failure-run", who: "The run", step: "could not go on", failure: result.error }]
    : [];
  const twins = [...data.twins];
  return [...ofScenarios, ...stop].map((shown) => {
    const workspace = failedWorkspace(shown.failure, workspaces);
    const twin = twins.find((one) => one.workspace.name === workspace);
    // Once: what fails after it may be about the same.
    if (twin) twins.splice(twins.indexOf(twin), 1);
    const own = evidence.find(({ label }) => label === shown.who);
    return {
      ...shown,
      evidence: shown.id === "failure-run" ? startEvidence(evidence, result) : own,
      since: timeline && startOf(timeline, shown),
      failedAtMs: timeline && endOf(timeline, shown),
      workspaces,
      twin,
      pictures: pictures.filter(
        ({ name }) => name.endsWith("-failed") && shown.failure.message.includes("browser"),
      ),
    };
  });
}

/** Kubernetes gives whole seconds. */
const roundedMs = 1_000;

function startOf(timeline: Timeline, { who, step }: ShownFailure): number | undefined {
  const entry = step === undefined ? undefined : stepEntry(timeline, { name: who }, { title: step });
  return entry && Date.parse(timeline.startedAt) + entry.startMs - roundedMs;
}

function endOf(timeline: Timeline, { who, step }: ShownFailure): number | undefined {
  const entry = step === undefined ? undefined : stepEntry(timeline, { name: who }, { title: step });
  return entry?.ms === undefined ? undefined : entry.startMs + entry.ms;
}

function scenarioFailures({ scenarios }: RunResult): ShownFailure[] {
  return scenarios.flatMap(({ name, steps, failure }) => [
    ...steps.flatMap(({ title, failure: why }) =>
      why ? [{ id: failureId(name, title), who: name, step: title, failure: why }] : [],
    ),
    ...(failure ? [{ id: failureId(name), who: name, failure }] : []),
  ]);
}
