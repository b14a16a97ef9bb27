import type { Round, ScenarioResult } from "../../report/index.ts";
import type { LoadedScenario, TreeChange, TreeEdit } from "../../scenario/index.ts";
import type { WarmWorld } from "../../warm/index.ts";
import { troubleOf } from "../exit-code.ts";
import type { Cause } from "./causes.ts";
import { checkAndReread } from "./check-and-reread.ts";
import type { NextRound } from "./next-round.ts";

export interface WatchRound {
  begun: NextRound;
  warm: WarmWorld;
  scenarios: LoadedScenario[];
  cause: Cause;
  /** The tree has this edit. */
  edit?: TreeEdit | undefined;
  /** Throws where the tree can work in no cluster. */
  check(): Promise<void>;
  /** Told what is known of the round as soon as it is. */
  tell(news: Partial<Round>): void;
}

/** How much a round has looked at: of what is applied as before only the first step, which is told of the tree as a whole. */
export type Looked = "at all" | "as before";

/**
 * Reads the tree again, makes the world fit for it and runs the scenarios. What a scenario needs a new world for is first
 * looked at over the workspaces that run, with its first step: that is what a merge would do, and its verdict comes soonest.
 * What can work in no cluster is told at once, and what runs stays as it is.
 */
export async function runWatchRound(round: WatchRound): Promise<Looked> {
  const { begun, warm, tell } = round;
  const { session } = begun;
  const change = await reread(round);
  if (change) tell({ cause: causeOf(round.cause, change) });
  if (change?.needs === "a new world") await warm.discard();
  session.signal.throwIfAborted();
  const looked = change && (await lookOver(round, change));
  if (looked) return looked;
  if (change?.needs === "putting back") warm.left({ isSound: false });
  tell({ beginning: beginningOf(round, change) });
  await begun.rounds.runAll(warm);
  // A world in which the surroundings broke is not worth mending.
  if (session.scenarios.some(troubleOf)) await warm.discard();
  return "at all";
}

async function reread({ begun, warm, cause, check }: WatchRound): Promise<TreeChange | undefined> {
  const { task } = begun.session.progress;
  const checkOnce = cause.kind === "start" ? async () => {} : check;
  return checkAndReread(warm.standing, { check: checkOnce, task });
}

/**
 * The first step over what runs. Its failure is a verdict where what runs was sound and the edit cannot be hidden by it;
 * else the run from nothing is what counts. That it passes is one where what is applied has passed before.
 */
async function lookOver(round: WatchRound, change: TreeChange): Promise<Looked | undefined> {
  const { begun, warm, cause, edit, tell } = round;
  const { look, session } = begun;
  const world = warm.standing;
  if (!look || cause.kind !== "save" || !world || warm.isEmpty || !change.isToldByFlux) return undefined;
  const isSound = warm.isSound && change.needs === "publishing";
  const isAsBefore = isSound && change.isAppliedAlike;
  tell({ beginning: `over the running workspaces${isAsBefore ? ": nothing is applied otherwise" : ""}` });
  const result = await look.over({ warm, world, edit, wantsEvidence: isSound });
  session.signal.throwIfAborted();
  if (result.status === "not applicable") return undefined;
  const hasPassed = result.status === "passed";
  if (hasPassed ? !isAsBefore : !isSound) return undefined;
  session.scenarios.push(result);
  warm.left({ isSound: hasPassed });
  return hasPassed ? "as before" : "at all";
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
