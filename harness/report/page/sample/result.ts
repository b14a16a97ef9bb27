import type { RunResult, ScenarioResult, StepResult } from "../../result.ts";
import { egress, fidelity, home } from "./ledgers.ts";
import { type Plan, plans } from "./plans.ts";
import { ms } from "./seconds.ts";

/** What the run of all scenarios says: one of them has failed. */
export function sampleResult(): RunResult {
  return {
    version: 1,
    runId: "20261121-1203-all-ab12",
    command: "scenario",
    status: "failed",
    exitCode: 1,
    startedAt: "2026-11-21T12:03:04.000Z",
    ms: ms(256),
    options: { manifests: "/home/me/home-cluster", images: "auto", store: "webhook", keep: "never" },
    tree: { published: "main@sha1:4be1c0de90", applied: "main@sha1:4be1c0de90" },
    scenarios: plans.map(resultOf),
    mutants: [],
    fidelity: fidelity.length,
    egress: { asked: egress.length - 1, unanswered: 2, refused: 1 },
    home: { leftOut: home.leftOut.length, kept: home.kept.length, blind: home.blind },
    directory: "results/20261121-1203-all-ab12",
  };
}

function resultOf(plan: Plan, index: number): ScenarioResult {
  const { name, title, steps, skipped = [], inapplicable = [], fails } = plan;
  const run = steps.map(([title, seconds], at): StepResult => {
    const isLast = fails !== undefined && at === steps.length - 1;
    return {
      title,
      status: isLast ? "failed" : "passed",
      ms: ms(seconds),
      ...(isLast ? { failure: fails } : {}),
    };
  });
  return {
    name,
    title,
    status: fails ? "failed" : "passed",
    ms: ms(steps.reduce((sum, [, seconds]) => sum + seconds, 0)) + index,
    steps: [
      ...run,
      ...inapplicable.map(([title, why]): StepResult => ({ title, status: "not applicable", ms: 0, why })),
      ...skipped.map((title): StepResult => ({ title, status: "skipped", ms: 0 })),
    ],
  };
}
