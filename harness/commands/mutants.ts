import { resolve } from "node:path";
import { messageOf } from "../base/index.ts";
import { failureOf } from "../report/index.ts";
import {
  judgeBroken,
  judgeMutant,
  type LoadedScenario,
  loadScenarios,
  type Mutant,
  type StartedWorld,
  selectMutant,
  selectScenarios,
} from "../scenario/index.ts";
import type { CommandContext } from "./context.ts";
import { troubleOf } from "./exit-code.ts";
import { runSession, type Session } from "./run-session.ts";
import { finishWorld, openWorld, runInWorld, type WorldChoices } from "./world-run.ts";

export interface MutantsOptions extends WorldChoices {
  /** Only these. */
  mutant: string[];
  json?: string | undefined;
}

interface Case {
  scenario: LoadedScenario;
  mutant: Mutant;
}

/** `npm run mutants`: shows that the scenario notices each of its mutants, for the right reason. Returns the exit code. */
export async function mutantsCommand(
  context: CommandContext,
  names: string[],
  options: MutantsOptions,
): Promise<number> {
  const known = await loadScenarios(context.scenariosDir);
  const scenarios = selectScenarios(names.length > 0 ? names : ["all"], known);
  const cases = casesOf(scenarios, options.mutant);
  const { manifests, images, store, keep } = options;
  const head = {
    command: "mutants" as const,
    what: names.length === 1 ? `${scenarios[0]?.name}-mutants` : "mutants",
    options: { manifests: resolve(manifests), images, store, keep },
    json: options.json,
  };
  return runSession(context, head, (session) => runCases(session, cases, options));
}

function casesOf(scenarios: LoadedScenario[], only: string[]): Case[] {
  if (only.length > 0) return only.map((name) => selectMutant(name, scenarios));
  return scenarios.flatMap((scenario) => scenario.mutants.map((mutant) => ({ scenario, mutant })));
}

/** One warm world, put back before each mutant; a new one where that does not work. */
async function runCases(session: Session, cases: Case[], options: MutantsOptions): Promise<void> {
  await using warm = new WarmWorld(session, options);
  try {
    for (const one of cases) {
      session.signal.throwIfAborted();
      const { scenario, mutant } = one;
      const startedAt = Date.now();
      const title = `Mutant ${scenario.name}/${mutant.name}`;
      const outcome = await session.progress.task(title, () => runCase(session, warm, one));
      const head = { scenario: scenario.name, mutant: mutant.name, title: mutant.title };
      session.mutants.push({ ...head, ...outcome, ms: Date.now() - startedAt });
      session.progress.note(`${title}: ${outcome.outcome}`);
    }
  } finally {
    await warm.finish();
  }
}

async function runCase(session: Session, warm: WarmWorld, { scenario, mutant }: Case) {
  let world: StartedWorld;
  try {
    world = await warm.with(mutant);
  } catch (error) {
    const failure = failureOf(error);
    // Only what Flux or the API says about the tree is the mutant's doing; a broken engine is not.
    if (session.signal.aborted || failure.code !== "failed") throw error;
    return judgeBroken(failure);
  }
  const result = await runInWorld(session, world, scenario, { label: mutant.name });
  session.signal.throwIfAborted();
  session.scenarios.push({ ...result, name: `${scenario.name}/${mutant.name}` });
  if (troubleOf(result)) await warm.discard();
  return judgeMutant(mutant, result);
}

/** A world that is started when it is first needed and put back for each next mutant. */
class WarmWorld implements AsyncDisposable {
  #session: Session;
  #options: MutantsOptions;
  #world: StartedWorld | undefined;

  constructor(session: Session, options: MutantsOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** The world with the tree as `mutant` edits it. */
  async with(mutant: Mutant): Promise<StartedWorld> {
    if (this.#world && !(await this.#putBack(this.#world))) await this.discard();
    if (this.#world) await this.#world.publish(mutant);
    else this.#world = await openWorld(this.#session, this.#options, mutant);
    return this.#world;
  }

  async #putBack(world: StartedWorld): Promise<boolean> {
    const { progress } = this.#session;
    try {
      await progress.task("Put the world back", () => world.reset());
      return true;
    } catch (error) {
      progress.note(`a new world is needed: ${messageOf(error)}`);
      return false;
    }
  }

  async discard(): Promise<void> {
    const world = this.#world;
    this.#world = undefined;
    await world?.[Symbol.asyncDispose]();
  }

  async finish(): Promise<void> {
    const hasFailed = this.#session.mutants.some(({ outcome }) => outcome !== "caught");
    if (this.#world) await finishWorld(this.#session, this.#world, this.#options.keep, hasFailed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }
}
