import type { Round, ScenarioResult } from "../../report/index.ts";
import type { LoadedScenario, StartedWorld, TreeChange, TreeEdit } from "../../scenario/index.ts";
import type { WarmWorld } from "../../warm/index.ts";
import { troubleOf } from "../exit-code.ts";
import { runRounds } from "../run-rounds.ts";
import type { Session } from "../run-session.ts";
import { runInWorld } from "../world-run.ts";
import type { Cause } from "./causes.ts";

export interface WatchRound {
  session: Session;
  warm: WarmWorld;
  scenarios: LoadedScenario[];
  cause: Cause;
  /** The tree has this edit. */
  edit?: TreeEdit | undefined;
  long?: boolean | undefined;
  junit?: string | undefined;
  /** Told what is known of the round as soon as it is. */
  tell(news: Partial<Round>): void;
}

/**
 * Reads the tree again, makes the world fit for it and runs the scenarios. What a scenario needs a new world for is first
 * looked at over the workspaces that run, with its first step: that is what a merge would do, and its verdict comes soonest.
 */
export async function runWatchRound(round: WatchRound): Promise<void> {
  const { session, warm, tell } = round;
  const change = await reread(round);
  if (change) tell({ cause: causeOf(round.cause, change) });
  if (change?.needs === "a new world") await warm.discard();
  session.signal.throwIfAborted();
  if (change && (await lookOver(round, change)) === "judged") return;
  if (change?.needs === "putting back") warm.left({ isSound: false });
  tell({ beginning: beginningOf(round, change) });
  await runRounds(session, warm, round.scenarios, round);
  // A world in which the surroundings broke is not worth mending.
  if (session.scenarios.some(troubleOf)) await warm.discard();
}

async function reread({ session, warm }: WatchRound): Promise<TreeChange | undefined> {
  const world = warm.standing;
  return world && (await session.progress.task("Read the tree", () => world.reread()));
}

/**
 * The first step over what runs. Its failure is a verdict where what runs was sound and the edit cannot be hidden by it;
 * else the run from nothing is what counts.
 */
async function lookOver(round: WatchRound, change: TreeChange): Promise<"judged" | undefined> {
  const { session, warm, scenarios, cause, tell } = round;
  const [scenario] = scenarios;
  const isWanted = scenarios.length === 1 && scenario?.world?.isFirst === true && cause.kind === "save";
  if (!scenario || !isWanted || !warm.standing || !change.isToldByFlux) return undefined;
  const isSound = warm.isSound && change.needs === "publishing";
  tell({ beginning: "over the running workspaces" });
  const result = await firstStepOver(round, warm.standing, scenario, () => isSound);
  session.signal.throwIfAborted();
  if (result.status === "passed" || !isSound) return undefined;
  session.scenarios.push(result);
  return "judged";
}

/** Publishes the tree over what runs; what the step needs is loaded meanwhile. */
async function firstStepOver(
  { session, warm, edit }: WatchRound,
  world: StartedWorld,
  scenario: LoadedScenario,
  wantsEvidence: () => boolean,
): Promise<ScenarioResult> {
  const { promise: coming, resolve, reject } = Promise.withResolvers<StartedWorld>();
  const failed = new AbortController();
  const publishing = warm
    .publish(world, edit, () => resolve(world))
    .catch((error: unknown) => {
      failed.abort(error);
      reject(error);
      throw error;
    });
  const signal = AbortSignal.any([session.signal, failed.signal]);
  const looking = runInWorld({ ...session, signal }, coming, scenario, { steps: 1, wantsEvidence });
  await Promise.allSettled([publishing, looking]);
  await publishing; // its error is the cause of the other's
  return looking;
}

function beginningOf({ warm, scenarios }: WatchRound, change: TreeChange | undefined): string {
  const because = change?.why === undefined ? "" : `: ${change.why}`;
  if (!warm.standing) return `in a new world${because}`;
  const isFirst = scenarios.some(({ world }) => world?.isFirst);
  return isFirst || !warm.isSound ? `from nothing${because}` : "over the running workspaces";
}

function causeOf({ kind }: Cause, { files: [first, ...others] }: TreeChange): string {
  if (first === undefined) return kind === "save" ? "as before" : "again";
  const short = first.split("/").slice(-3).join("/");
  return others.length === 0 ? short : `${short} and ${others.length} more`;
}

/** What failed first, for the reader. */
export function failedAt(scenarios: readonly ScenarioResult[]): Pick<Round, "step" | "failure"> {
  for (const { steps, failure } of scenarios) {
    const failed = steps.find((step) => step.failure !== undefined);
    if (failed?.failure) return { step: failed.title, failure: failed.failure };
    if (failure) return { failure };
  }
  return {};
}
