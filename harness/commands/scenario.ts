import { resolve } from "node:path";
import { HarnessError } from "../base/index.ts";
import {
  coverageOf,
  judgeMutant,
  type LoadedScenario,
  loadScenarios,
  type Mutant,
  selectMutant,
  selectScenarios,
} from "../scenario/index.ts";
import { checkFirst } from "./check-first.ts";
import type { CommandContext } from "./context.ts";
import { listScenarios } from "./list-scenarios.ts";
import { worldsFor } from "./memory.ts";
import type { Checked } from "./rooms.ts";
import { Rounds, runRounds } from "./run-rounds.ts";
import { runSession, type Session, type SessionHead } from "./run-session.ts";
import { sideBySide } from "./side-by-side.ts";
import { watchCommand } from "./watch/watch.ts";
import type { WatchOptions } from "./watch/watch-rounds.ts";
import { attempt, finishWorld, keepOf, openWarmWorld, type WorldChoices } from "./world-run.ts";

export interface ScenarioOptions extends WorldChoices {
  list: boolean;
  /** Whether `manifests` was given, and is not the default. */
  isTreeGiven?: boolean;
  /** Again with each save. */
  watch?: boolean;
  /** Told each round of a watch. */
  told?: WatchOptions["told"];
  mutant?: string | undefined;
  /** How many worlds at once; as many as make sense if not given. */
  clusters?: number | undefined;
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
  const head = headOf(scenarios, known, options);
  if (options.watch) {
    return watchCommand(context, head, scenarios, { ...options, edit: picked?.mutant });
  }
  return runSession(context, head, (session) => runAll(session, scenarios, options, picked?.mutant));
}

/** What a run of these scenarios is, before it has begun. */
export function headOf(
  scenarios: readonly LoadedScenario[],
  known: LoadedScenario[],
  choices: WorldChoices & Partial<ScenarioOptions>,
): SessionHead {
  const { manifests, outside, images, store, keep, mutant, json } = choices;
  const options = { manifests: resolve(manifests), images, outside, store, keep };
  return {
    command: "scenario",
    what: scenarios.length === 1 ? (scenarios[0]?.name ?? "") : "all",
    options: { ...options, ...(mutant === undefined ? {} : { mutant }) },
    json,
    first: async (session: Session) => {
      const checked = await checkFirst(session, choices);
      // A mutant's tree is another, and so is that of a watch after its first save.
      if (mutant !== undefined) return;
      session.checked = checked;
      if (checked && !choices.watch) await storeDifferences(session, checked);
    },
    coverage: coverageOf(known),
  };
}

/** As the tree is now: its owner may go on with it while it runs. */
async function storeDifferences(session: Session, { differences }: Checked): Promise<void> {
  await attempt(session, "differences", async () => {
    const { twins, change } = await differences();
    if (twins.length > 0) await session.directory.writeJson("twins.json", twins);
    if (change) await session.directory.writeJson("change.json", change);
  });
}

interface AllOptions extends WorldChoices {
  junit?: string | undefined;
  clusters?: number | undefined;
}

/** All on one world, which is kept if that is wanted, or on several at once. */
export async function runAll(
  session: Session,
  scenarios: LoadedScenario[],
  options: AllOptions,
  mutant?: Mutant,
): Promise<void> {
  const { keep, reuse } = options;
  const hasFailed = () =>
    session.scenarios.length < scenarios.length ||
    session.scenarios.some(({ status }) => status === "failed");
  // A kept world is one to look into, and one that is used again is the one: there is no second then.
  if (keep === "never" && !reuse && !mutant) return runOnSeveral(session, scenarios, options, hasFailed);
  await using warm = await openWarmWorld(session, options);
  const { long, junit } = options;
  try {
    await runRounds(session, warm, scenarios, { edit: mutant, long, junit });
    if (mutant && !session.signal.aborted) judge(session, scenarios, mutant);
  } finally {
    const end = { keep: keepOf(options), hasFailed: hasFailed() };
    if (warm.standing) await finishWorld(session, warm.standing, end);
  }
}

/** Each round in the world that is free first; the results stand in the order in which one world would bring them. */
async function runOnSeveral(
  session: Session,
  scenarios: LoadedScenario[],
  { clusters, long, junit, ...choices }: AllOptions,
  hasFailed: () => boolean,
): Promise<void> {
  await using rounds = new Rounds(session, scenarios, { long, junit });
  try {
    await sideBySide(session, choices, {
      worlds: await worldsFor({ pieces: rounds.length, clusters, progress: session.progress }),
      line: rounds,
      work: (warm, round) => rounds.run(round, warm),
      hasFailed,
    });
  } finally {
    const order = rounds.names;
    session.scenarios.sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
  }
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

function nothingNamed(known: LoadedScenario[]): HarnessError {
  return new HarnessError("no scenario is named", {
    code: "usage",
    remedy: `npm run scenario -- <name…|all>; known: ${known.map(({ name }) => name).join(", ") || "none"}`,
  });
}
