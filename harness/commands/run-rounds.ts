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

/** What is known of a whole run when its worlds start. */
interface WholeRun extends RoundsOptions {
  /** How many scenarios it has. */
  count: number;
}

/** Runs all on one world, in as few rounds as they can share it; a failure of one does not keep the others from running. */
export async function runRounds(
  session: Session,
  warm: WarmWorld,
  scenarios: LoadedScenario[],
  options: RoundsOptions,
): Promise<void> {
  await using rounds = new Rounds(session, scenarios, options);
  await rounds.runAll(warm);
}

/** The rounds of a run, to be taken by one world or by several. */
export class Rounds implements AsyncDisposable {
  readonly #session: Session;
  readonly #rounds: RoundRun[];

  constructor(session: Session, scenarios: LoadedScenario[], options: RoundsOptions) {
    this.#session = session;
    const whole = { ...options, count: scenarios.length };
    this.#rounds = roundsOf(scenarios).map((round) => new RoundRun(session, round, whole));
  }

  get length(): number {
    return this.#rounds.length;
  }

  [Symbol.iterator](): Iterator<RoundRun> {
    return this.#rounds[Symbol.iterator]();
  }

  /** Names of all scenarios, in the order in which one world would run them. */
  get names(): string[] {
    return this.#rounds.flatMap(({ names }) => names);
  }

  /** Loads what the first of them needs, and begins nothing in a world. Again is fine. */
  load(): void {
    this.#rounds[0]?.load();
  }

  /** All of them on one world. */
  async runAll(warm: WarmWorld): Promise<void> {
    for (const round of this.#rounds) {
      this.#session.signal.throwIfAborted();
      await this.run(round, warm);
    }
  }

  /** What comes after all that has begun is loaded while this one has its world. */
  run(round: RoundRun, warm: WarmWorld): Promise<void> {
    return round.runIn(warm, () => this.#rounds.find(({ isLoaded }) => !isLoaded)?.load());
  }

  /** Ends what is loaded and gets no world any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#rounds.map((round) => round.giveUp()));
  }
}

/** A round whose scenarios can be loaded before there is a world for them: that takes seconds. */
class RoundRun {
  readonly #session: Session;
  readonly #round: Round<LoadedScenario>;
  readonly #whole: WholeRun;
  readonly #world = Promise.withResolvers<StartedWorld>();
  #runs: Promise<ScenarioResult>[] | undefined;

  constructor(session: Session, round: Round<LoadedScenario>, whole: WholeRun) {
    this.#session = session;
    this.#round = round;
    this.#whole = whole;
  }

  get names(): string[] {
    return this.#round.scenarios.map(({ name }) => name);
  }

  get isLoaded(): boolean {
    return this.#runs !== undefined;
  }

  /** Begins nothing in the world. Again is fine. */
  load(): Promise<ScenarioResult>[] {
    const { long, junit, count } = this.#whole;
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
    const taking = warm.take(beginningOf(this.#round), this.#whole.edit, this.#session.signal);
    this.#world.resolve(taking);
    taking.then(begun, () => {});
    const results = await allResults(runs).finally(() => Promise.allSettled([taking])); // who comes next finds it taken
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

/** A scenario that has not failed leaves the world sound, at most with a tree that it has changed through Git. */
const leavesSound = ({ status }: ScenarioResult) => status !== "failed";

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
