import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase } from "vitest/node";
import { type Emit, reparent } from "../report/index.ts";

export interface StepReporter extends Reporter {
  /** What the steps wrote to the console. */
  consoleText(): string;
}

/** Shows each step as a task and what runs in it below; keeps the console output for the evidence. */
export function createStepReporter(emit: Emit): StepReporter {
  const lines: string[] = [];
  const startedAt = new Map<string, number>();
  const rootOf = (step: TestCase) => `step ${step.id}`;
  return {
    consoleText: () => lines.join(""),
    onUserConsoleLog: ({ content }) => void lines.push(stripVTControlCharacters(content)),
    onTestCaseReady(step) {
      if (step.result().state === "skipped") return;
      startedAt.set(step.id, Date.now());
      emit({ at: Date.now(), kind: "start", id: rootOf(step), title: step.name });
    },
    onTestCaseArtifactRecord(step, artifact) {
      if (artifact.type === "harness:progress") emit(reparent(artifact.event, rootOf(step)));
    },
    onTestCaseResult(step) {
      const { state, errors } = step.result();
      if (!startedAt.delete(step.id) || state === "pending") return;
      const error = state === "failed" ? { error: errors[0]?.message ?? "failed" } : {};
      emit({ at: Date.now(), kind: "end", id: rootOf(step), ...error });
    },
  };
}
