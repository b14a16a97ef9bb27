import { join, resolve } from "node:path";
import { HarnessError } from "../base/index.ts";
import type { ScenarioResult } from "../report/index.ts";
import {
  type LoadedScenario,
  type Round,
  roundsOf,
  type StartedWorld,
  type TreeEdit,
  Turns,
} from "../scenario/index.ts";
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
  const count = scenarios.length;
  const rounds = roundsOf(scenarios).map((round) => new RoundRun(session, round, { ...options, count }));
  try {
    for (const [index, round] of rounds.entries()) {
      session.signal.throwIfAborted();
      // What the next one needs is loaded while this one has the world.
      await round.runIn(warm, () => rounds[index + 1]?.load());
    }
  } finally {
    await Promise.all(rounds.map((round) => round.giveUp()));
  }
}

/** One round on the world; `count`: how many scenarios the whole run has. */
export async function runRound(
  session: Session,
  warm: WarmWorld,
  round: Round<LoadedScenario>,
  options: RoundsOptions & { count: number },
): Promise<void> {
  await new RoundRun(session, round, options).runIn(warm);
}

/** A round whose scenarios can be loaded before there is a world for them: that takes seconds. */
class RoundRun {
  readonly #session: Session;
  readonly #round: Round<LoadedScenario>;
  readonly #options: RoundsOptions & { count: number };
  readonly #world = Promise.withResolvers<StartedWorld>();
  #runs: Promise<ScenarioResult>[] | undefined;

  constructor(session: Session, round: Round<LoadedScenario>, options: RoundsOptions & { count: number }) {
    this.#session = session;
    this.#round = round;
    this.#options = options;
  }

  /** Begins nothing in the world. Again is fine. */
  load(): Promise<ScenarioResult>[] {
    const { long, junit, count } = this.#options;
    const turns = new Turns(this.#round.scenarios);
    this.#runs ??= this.#round.scenarios.map((scenario) => {
      const run = runInWorld(this.#session, this.#world.promise, scenario, {
        junit: junitFile(junit, scenario, count),
        isLong: long,
        prefix: count > 1 ? `${scenario.name}: ` : "",
        alone: () => turns.alone(scenario),
      }).finally(() => turns.leave(scenario));
      run.catch(() => {}); // told by `runIn`, or a consequence of what ended the rounds before
      return run;
    });
    return this.#runs;
  }

  /** @param begun called when the scenarios have their world */
  async runIn(warm: WarmWorld, begun = () => {}): Promise<void> {
    const runs = this.load();
    const taking = warm.take(beginningOf(this.#round), this.#options.edit);
    this.#world.resolve(taking);
    taking.then(begun, () => {});
    const results = await allResults(runs);
    this.#session.scenarios.push(...results);
    warm.left({ isSound: results.every(leavesSound) });
  }

  /** Ends what is loaded and gets no world any more; fine for a round that had one. */
  async giveUp(): Promise<void> {
    this.#world.promise.catch(() => {}); // where nobody waits for it
    this.#world.reject(new HarnessError("the rounds before have ended the run", { code: "interrupted" }));
    await Promise.allSettled(this.#runs ?? []);
  }
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
