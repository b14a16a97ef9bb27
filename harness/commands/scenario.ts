import { join, resolve } from "node:path";
import { HarnessError } from "../base/index.ts";
import type { ScenarioResult } from "../report/index.ts";
import {
  coverageOf,
  judgeMutant,
  type LoadedScenario,
  loadScenarios,
  type Mutant,
  type Round,
  roundsOf,
  type StartedWorld,
  selectMutant,
  selectScenarios,
} from "../scenario/index.ts";
import { checkFirst } from "./check-first.ts";
import type { CommandContext } from "./context.ts";
import { listScenarios } from "./list-scenarios.ts";
import { runSession, type Session } from "./run-session.ts";
import { finishWorld, openWorld, runInWorld, type WorldChoices } from "./world-run.ts";

export interface ScenarioOptions extends WorldChoices {
  list: boolean;
  /** Whether `manifests` was given, and is not the default. */
  isTreeGiven?: boolean;
  mutant?: string | undefined;
  json?: string | undefined;
  junit?: string | undefined;
}

/** `npm run scenario`: proves the manifests, or shows with --list what could be proved. Returns the exit code. */
export async function scenarioCommand(
  context: CommandContext,
  names: string[],
  options: ScenarioOptions,
): Promise<number> {
  const known = await loadScenarios(context.scenariosDir);
  if (options.list) {
    const { manifests, outside, json, isTreeGiven } = options;
    return listScenarios(context, known, { json, tree: isTreeGiven ? { manifests, outside } : undefined });
  }
  if (names.length === 0) throw nothingNamed(known);
  const chosen = selectScenarios(names, known);
  const picked = options.mutant === undefined ? undefined : selectMutant(options.mutant, chosen);
  const scenarios = picked ? [picked.scenario] : chosen;
  const { manifests, outside, images, store, keep, mutant } = options;
  const head = {
    command: "scenario" as const,
    what: scenarios.length === 1 ? (scenarios[0]?.name ?? "") : "all",
    options: {
      manifests: resolve(manifests),
      images,
      outside,
      store,
      keep,
      ...(mutant === undefined ? {} : { mutant }),
    },
    json: options.json,
    first: (session: Session) => checkFirst(session, options),
    coverage: coverageOf(known),
  };
  return runSession(context, head, (session) => runAll(session, scenarios, options, picked?.mutant));
}

/** All on one world, in as few rounds as they can share it. */
async function runAll(
  session: Session,
  scenarios: LoadedScenario[],
  options: ScenarioOptions,
  mutant: Mutant | undefined,
): Promise<void> {
  await using world = await openWorld(session, options, mutant);
  try {
    let before: ScenarioResult[] | undefined;
    for (const round of roundsOf(scenarios)) {
      session.signal.throwIfAborted();
      if (before) await prepareRound(session, world, round, before);
      const isOneOfMany = scenarios.length > 1;
      const runs = round.scenarios.map((scenario) =>
        runInWorld(session, world, scenario, {
          junit: junitFile(options.junit, scenario, scenarios.length),
          isLong: options.long,
          prefix: isOneOfMany ? `${scenario.name}: ` : "",
        }),
      );
      before = await allResults(runs);
      session.scenarios.push(...before);
    }
    if (mutant && !session.signal.aborted) judge(session, scenarios, mutant);
  } finally {
    const hasFailed =
      session.scenarios.length < scenarios.length ||
      session.scenarios.some(({ status }) => status === "failed");
    await finishWorld(session, world, { keep: options.keep, hasFailed });
  }
}

/** Of all, when the last has ended: what runs in the world must have left it before anything else happens there. */
async function allResults<T>(runs: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(runs);
  return Promise.all(runs);
}

/** A scenario that has passed leaves the world sound, at most with a tree that it has changed through Git. */
async function prepareRound(
  session: Session,
  world: StartedWorld,
  { needsNewWorld }: Round,
  before: ScenarioResult[],
): Promise<void> {
  const hasFailed = before.some(({ status }) => status === "failed");
  const { progress } = session;
  if (needsNewWorld || hasFailed) await progress.task("Put the world back", (task) => world.reset(task));
  await progress.task("Publish the tree", () => world.publish());
}

function judge({ scenarios, mutants }: Session, [scenario]: LoadedScenario[], mutant: Mutant): void {
  const [result] = scenarios;
  if (!scenario || !result) return;
  const { name, title } = mutant;
  mutants.push({
    scenario: scenario.name,
    mutant: name,
    title,
    ms: result.ms,
    ...judgeMutant(mutant, result),
  });
}

/** One file for one scenario; a file each, named after it, when there are more. */
function junitFile(file: string | undefined, { name }: LoadedScenario, count: number): string | undefined {
  if (file === undefined) return undefined;
  return count === 1 ? resolve(file) : resolve(join(file, "..", `${name}-${file.split("/").at(-1)}`));
}

function nothingNamed(known: LoadedScenario[]): HarnessError {
  return new HarnessError("no scenario is named", {
    code: "usage",
    remedy: `npm run scenario -- <name…|all>; known: ${known.map(({ name }) => name).join(", ") || "none"}`,
  });
}
