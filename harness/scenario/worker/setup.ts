import { BroadcastChannel } from "node:worker_threads";
import { afterEach, beforeEach, describe, inject, test } from "vitest";
import { HarnessError } from "../../base/index.ts";
import { onScenarioDefined, type Scenario, type Step } from "../scenario.ts";
import type { AttachWorld } from "../world.ts";
import { notApplicableNote } from "./not-applicable.ts";
import { runStep } from "./run-step.ts";

/*
 * Setup file of the vitest worker that runs scenarios (see ../run-scenario.ts): each scenario becomes a `describe`,
 * each step a `test` that gets the running world.
 */

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from this pattern
const stepTest = test.extend("world", { scope: "file" }, async ({}, { onCleanup }) => {
  const { module, descriptor, interrupts } = inject("harnessWorld");
  const channel = new BroadcastChannel(interrupts);
  const { attachWorld } = (await import(/* @vite-ignore */ module)) as { attachWorld: AttachWorld };
  const world = await attachWorld(descriptor, firstMessageOf(channel));
  onCleanup(() => world[Symbol.asyncDispose]().finally(() => channel.close()));
  return world;
});

/** Vitest tells only a step that is running of a cancelled run. */
function firstMessageOf(channel: BroadcastChannel): AbortSignal {
  const abort = new AbortController();
  channel.unref(); // where nobody joins a world, nobody closes it
  channel.onmessage = () => abort.abort(new HarnessError("the run was interrupted", { code: "interrupted" }));
  return abort.signal;
}

onScenarioDefined(register);

function register(scenario: Scenario): void {
  describe(scenario.title, () => {
    let failedStep: string | undefined;
    beforeEach(({ skip }) => skip(failedStep !== undefined, `after the failure of "${failedStep}"`));
    afterEach(({ task }) => {
      if (task.result?.state === "fail") failedStep ??= task.name;
    });
    const { isLong, steps } = inject("harnessWorld");
    for (const step of scenario.steps.slice(0, steps)) if (isLong || !step.isLong) registerStep(step);
  });
}

function registerStep(step: Step): void {
  // Our own deadline comes first: it knows what the step was waiting for, vitest's does not.
  const timeout = step.timeoutMs + 5_000;
  stepTest(step.title, { timeout }, ({ world, task, signal, skip }) => {
    const why = world.lookOnlyAt(step.needs);
    skip(why !== undefined, `${notApplicableNote}${why}`);
    return runStep(step, world, { task, signal });
  });
}
