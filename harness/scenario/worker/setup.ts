import { afterEach, beforeAll, beforeEach, describe, inject, test } from "vitest";
import { onScenarioDefined, type Scenario, type Step } from "../scenario.ts";
import type { AttachWorld } from "../world.ts";
import { type Entrance, entranceThrough } from "./entrance.ts";
import { notApplicableNote } from "./not-applicable.ts";
import { runStep } from "./run-step.ts";

/*
 * Setup file of the vitest worker that runs scenarios (see ../run-scenario.ts): each scenario becomes a `describe`,
 * each step a `test` that gets the running world.
 */

let entrance: Entrance;

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from this pattern
const stepTest = test.extend("world", { scope: "file" }, async ({}, { onCleanup }) => {
  const { attachWorld } = (await import(/* @vite-ignore */ inject("harnessWorld").module)) as {
    attachWorld: AttachWorld;
  };
  const world = await attachWorld(entrance.descriptor, entrance.interrupted);
  onCleanup(() => world[Symbol.asyncDispose]().finally(() => entrance[Symbol.dispose]()));
  return world;
});

onScenarioDefined(register);

function register(scenario: Scenario): void {
  describe(scenario.title, () => {
    let failedStep: string | undefined;
    // However long it takes: the world may be at work with other scenarios.
    beforeAll(async () => {
      entrance = await entranceThrough(inject("harnessWorld").channel);
    }, Number.POSITIVE_INFINITY);
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
