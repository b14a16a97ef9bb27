import { setTimeout as delay } from "node:timers/promises";
import { recordArtifact, type TestContext } from "vitest";
import { HarnessError, messageOf, standingFacts, withinTask } from "../../base/index.ts";
import { explain } from "../../diagnosis/index.ts";
import { forwardProgress, type ProgressEvent } from "../../report/index.ts";
import type { Step } from "../scenario.ts";
import type { World } from "../world.ts";

declare module "vitest" {
  interface TestArtifactRegistry {
    harnessProgress: { type: "harness:progress"; event: ProgressEvent };
  }
}

/** Runs the step until it is done, its time is over, or the run is cancelled; its progress goes to the main process. */
export async function runStep(
  step: Step,
  world: World,
  context: Pick<TestContext, "task" | "signal">,
): Promise<void> {
  const { progress, running } = forwardProgress((event) => {
    recordArtifact(context.task, { type: "harness:progress", event }).catch(() => {}); // too late: the step is over
  });
  const startedAt = Date.now();
  const endsAt = performance.now() + step.timeoutMs;
  const deadline = AbortSignal.timeout(step.timeoutMs);
  const signal = AbortSignal.any([context.signal, deadline]);
  const over = new AbortController();
  const work = withinTask(progress, () => step.run(world, { signal, progress }));
  const pressed = world.untilPressed(AbortSignal.any([signal, over.signal]));
  try {
    await explain(Promise.race([work, pressed, aborted(signal, () => timedOut(step, running()))]));
  } catch (error) {
    const leftMs = endsAt - performance.now();
    throw await Promise.race([judged(world, error, startedAt), blamedLater(error, leftMs)]);
  } finally {
    over.abort();
    // Streams live longer than the step that opened them: each step tells how they are at its end.
    for (const fact of standingFacts()) progress.record(fact);
  }

  function timedOut({ timeoutMs }: Step, tasks: string[]): HarnessError {
    if (!deadline.aborted) return new HarnessError("the run was interrupted", { code: "interrupted" });
    const last = tasks.length > 0 ? `; it was still at: ${tasks.join(", ")}` : "";
    return new HarnessError(`the step took longer than ${timeoutMs / 1000} s${last}`, { code: "failed" });
  }
}

/** Vitest's own deadline comes 5 s after the step's. */
const leastAskingMs = 3_000;
const mostAskingMs = 30_000;

/** What stands where the cluster cannot say more in time: in what the step has left of its own, where that is more. */
async function blamedLater(error: unknown, leftMs: number): Promise<unknown> {
  await delay(Math.min(Math.max(leftMs, leastAskingMs), mostAskingMs), undefined, { ref: false });
  return blamed(error);
}

async function judged(world: World, error: unknown, startedAt: number): Promise<unknown> {
  return (await onPressedNode(world, error)) ?? blamed(await traced(world, error, startedAt));
}

/** Before the manifests are blamed: a node that is short of something evicts pods and takes no new ones. */
export async function onPressedNode(
  world: Pick<World, "pressedNode">,
  error: unknown,
): Promise<HarnessError | undefined> {
  if (error instanceof HarnessError && error.code !== "failed") return undefined;
  // Where nobody can be asked, the step's own failure stands.
  const { message, remedy = "" } = (await world.pressedNode().catch(() => undefined)) ?? {};
  if (message === undefined) return undefined;
  const then = `${message}; so this proves nothing: ${messageOf(error)}`;
  const { details } = error instanceof HarnessError ? error : {};
  return new HarnessError(then, {
    code: "environment",
    remedy,
    cause: error,
    ...(details === undefined ? {} : { details }),
  });
}

/** What is wrong with what the step used comes before what came of it. Where nobody can be asked, the step's own failure stands. */
function traced(world: World, error: unknown, startedAt: number): Promise<unknown> {
  return world.withFirstCause(error, startedAt).catch(() => error);
}

/**
 * What nobody in the harness has foreseen (a 503 of the API server, a connection that broke, a mistake of ours) says nothing
 * about the manifests.
 */
export function blamed(error: unknown): unknown {
  if (error instanceof HarnessError || (error as { name?: string } | undefined)?.name === "AssertionError")
    return error;
  const details = error instanceof Error ? error.stack : undefined;
  return new HarnessError(`the step could not be carried out: ${messageOf(error)}`, {
    code: "environment",
    remedy:
      "run it again; if it comes back it is a fault of the harness or of this machine, not of the manifests: npm run doctor",
    cause: error,
    ...(details === undefined ? {} : { details }),
  });
}

function aborted(signal: AbortSignal, reason: () => Error): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(reason());
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
