import { afterEach, beforeAll, beforeEach, describe, inject, test } from "vitest";
import { onScenarioDefined, type Scenario, type Step } from "../scenario.ts";
import type { AttachWorld } from "../world.ts";
import { Entrance } from "./entrance.ts";
import { notApplicableNote } from "./not-applicable.ts";
import { runStep } from "./run-step.ts";

/*
 * Setup file of the vitest worker that runs scenarios (see ../run-scenario.ts): each scenario becomes a `describe`,
 * each step a `test` that gets the running world.
 */

const { module, channel, isLong, steps: howMany } = inject("harnessWorld");
const entrance = new Entrance(channel);

// biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from this pattern
const stepTest = test.extend("world", { scope: "file" }, async ({}, { onCleanup }) => {
  const { attachWorld } = (await import(/* @vite-ignore */ module)) as { attachWorld: AttachWorld };
  const world = await attachWorld(await entrance.world(), entrance);
  onCleanup(() => world[Symbol.asyncDispose]().finally(() => entrance[Symbol.dispose]()));
  return world;
});

onScenarioDefined(register);

/** However long it takes: others may be at work in the world. */
const noLimit = Number.POSITIVE_INFINITY;

function register({ title, steps, world }: Scenario): void {
  describe(title, () => {
    let failedStep: string | undefined;
    beforeAll(async () => void (await entrance.world()), noLimit);
    beforeEach(({ skip }) => skip(failedStep !== undefined, `after the failure of "${failedStep}"`));
    afterEach(({ task }) => {
      if (task.result?.state === "fail") failedStep ??= task.name;
    });
    const chosen = steps.slice(0, howMany);
    const mark = steps.findIndex((step) => step.title === world?.gentleUntil);
    const [gentle, alone] = mark < 0 ? [chosen, []] : [chosen.slice(0, mark), chosen.slice(mark)];
    gentle.forEach(registerStep);
    if (alone.length === 0) return;
    describe("alone", () => {
      beforeAll(() => (failedStep === undefined ? entrance.alone() : undefined), noLimit);
      alone.forEach(registerStep);
    });
  });
}

function registerStep(step: Step): void {
  if (step.isLong && !isLong) return;
  // Our own deadline comes first: it knows what the step was waiting for, vitest's does not.
  const timeout = step.timeoutMs + 5_000;
  stepTest(step.title, { timeout }, ({ world, task, signal, skip }) => {
    const why = world.lookOnlyAt(step.needs);
    skip(why !== undefined, `${notApplicableNote}${why}`);
    return runStep(step, world, { task, signal });
  });
}
