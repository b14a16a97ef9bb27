import { randomUUID } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase } from "vitest/node";
import { redact } from "../base/index.ts";
import { type Emit, redactIn, reparent } from "../report/index.ts";
import { notApplicableNote } from "./worker/not-applicable.ts";

export interface StepReporter extends Reporter {
  /** What the steps wrote to the console. */
  consoleText(): string;
}

/**
 * Shows each step as a task of the scenario or mutant `of`, its title after `prefix`, and what runs in it below; keeps the
 * console output for the evidence.
 */
export function createStepReporter(emit: Emit, of: string, prefix = ""): StepReporter {
  const lines: string[] = [];
  // Vitest tells of every step again when a run is cancelled.
  const started = new Map<string, number>();
  const ended = new Set<string>();
  let hasFailed = false;
  // The same scenario has the same steps wherever it runs, in two worlds at once for instance.
  const run = randomUUID();
  const rootOf = (step: TestCase) => `${run} ${step.id}`;
  return {
    consoleText: () => lines.join(""),
    onUserConsoleLog: ({ content }) => void lines.push(stripVTControlCharacters(content)),
    onTestCaseReady(step) {
      // After a failure vitest makes the others ready only to skip them.
      if (hasFailed || step.result().state === "skipped" || started.has(step.id)) return;
      const at = Date.now();
      started.set(step.id, at);
      emit({ at, kind: "start", id: rootOf(step), title: `${prefix}${step.name}`, of });
    },
    onTestCaseArtifactRecord(step, artifact) {
      // The worker's redactor may not know the secrets yet.
      if (artifact.type === "harness:progress") emit(redactIn(reparent(artifact.event, rootOf(step))));
    },
    onTestCaseResult(step) {
      const { state, errors } = step.result();
      const startedAt = started.get(step.id);
      if (state === "pending" || startedAt === undefined || ended.has(step.id)) return;
      ended.add(step.id);
      hasFailed ||= state === "failed";
      const { note } = step.result() as { note?: string };
      const skipped = note?.startsWith(notApplicableNote) ? undefined : "interrupted";
      const why = state === "skipped" ? skipped : errors?.[0]?.message;
      const error = why === undefined ? {} : { error: redact(why) };
      const ms = durationOf(step);
      emit({ at: ms === undefined ? Date.now() : startedAt + ms, kind: "end", id: rootOf(step), ...error });
    },
  };
}

/** How long the step took, in whole milliseconds as its worker measured them; its events come here in batches. */
export function durationOf(step: TestCase): number | undefined {
  const duration = step.diagnostic()?.duration;
  return duration === undefined ? undefined : Math.round(duration);
}
