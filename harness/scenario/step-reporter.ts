import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase } from "vitest/node";
import { redact } from "../base/index.ts";
import { type Emit, reparent } from "../report/index.ts";

export interface StepReporter extends Reporter {
  /** What the steps wrote to the console. */
  consoleText(): string;
}

/**
 * Shows each step as a task, its title after `prefix`, and what runs in it below; keeps the console output for the
 * evidence.
 */
export function createStepReporter(emit: Emit, prefix = ""): StepReporter {
  const lines: string[] = [];
  // Vitest tells of every step again when a run is cancelled.
  const started = new Set<string>();
  const ended = new Set<string>();
  const rootOf = (step: TestCase) => `step ${step.id}`;
  return {
    consoleText: () => lines.join(""),
    onUserConsoleLog: ({ content }) => void lines.push(stripVTControlCharacters(content)),
    onTestCaseReady(step) {
      if (step.result().state === "skipped" || started.has(step.id)) return;
      started.add(step.id);
      emit({ at: Date.now(), kind: "start", id: rootOf(step), title: `${prefix}${step.name}` });
    },
    onTestCaseArtifactRecord(step, artifact) {
      if (artifact.type === "harness:progress") emit(reparent(artifact.event, rootOf(step)));
    },
    onTestCaseResult(step) {
      const { state, errors } = step.result();
      if (state === "pending" || !started.has(step.id) || ended.has(step.id)) return;
      ended.add(step.id);
      const why = state === "skipped" ? "interrupted" : errors?.[0]?.message;
      const error = why === undefined ? {} : { error: redact(why) };
      emit({ at: Date.now(), kind: "end", id: rootOf(step), ...error });
    },
  };
}
