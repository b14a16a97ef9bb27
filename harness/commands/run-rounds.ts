import { join, resolve } from "node:path";
import type { ScenarioResult } from "../report/index.ts";
import { type LoadedScenario, type Round, roundsOf, type TreeEdit } from "../scenario/index.ts";
import type { WarmWorld } from "../warm/index.ts";
import type { Session } from "./run-session.ts";
import { runInWorld } from "./world-run.ts";

export interface RoundsOptions {
  /** The tree has this edit. */
  edit?: TreeEdit | undefined;
  long?: boolean | undefined;
  junit?: string | undefined;
}

/** Runs all on one world, in as few rounds as they can share it; a failure of one does not keep the others from running. */
export async function runRounds(
  session: Session,
  warm: WarmWorld,
  scenarios: LoadedScenario[],
  options: RoundsOptions,
): Promise<void> {
  for (const round of roundsOf(scenarios)) {
    session.signal.throwIfAborted();
    await runRound(session, warm, round, { ...options, count: scenarios.length });
  }
}

/** One round on the world; `count`: how many scenarios the whole run has. */
export async function runRound(
  session: Session,
  warm: WarmWorld,
  round: Round<LoadedScenario>,
  { edit, long, junit, count }: RoundsOptions & { count: number },
): Promise<void> {
  const world = await warm.take(beginningOf(round), edit);
  const runs = round.scenarios.map((scenario) =>
    runInWorld(session, world, scenario, {
      junit: junitFile(junit, scenario, count),
      isLong: long,
      prefix: count > 1 ? `${scenario.name}: ` : "",
    }),
  );
  const results = await allResults(runs);
  session.scenarios.push(...results);
  warm.left({ isSound: results.every(leavesSound) });
}

const beginningOf = ({ needsNewWorld }: Round) => (needsNewWorld ? "nothing" : "running");

/** A scenario that has passed leaves the world sound, at most with a tree that it has changed through Git. */
const leavesSound = ({ status }: ScenarioResult) => status === "passed";

/** Of all, when the last has ended: what runs in the world must have left it before anything else happens there. */
async function allResults<T>(runs: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(runs);
  return Promise.all(runs);
}

/** One file for one scenario; a file each, named after it, when there are more. */
function junitFile(file: string | undefined, { name }: LoadedScenario, count: number): string | undefined {
  if (file === undefined) return undefined;
  return count === 1 ? resolve(file) : resolve(join(file, "..", `${name}-${file.split("/").at(-1)}`));
}
