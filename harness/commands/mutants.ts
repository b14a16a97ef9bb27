import { resolve } from "node:path";
import { messageOf } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { failureOf, type MutantResult, type ScenarioResult } from "../report/index.ts";
import {
  coverageOf,
  judgeBroken,
  judgeEdit,
  judgeMutant,
  type LoadedScenario,
  loadScenarios,
  type Mutant,
  type StartedWorld,
  selectMutant,
  selectScenarios,
} from "../scenario/index.ts";
import { WarmWorld } from "../warm/index.ts";
import { checkFirst } from "./check-first.ts";
import type { CommandContext } from "./context.ts";
import { troubleOf } from "./exit-code.ts";
import { runSession, type Session } from "./run-session.ts";
import { finishWorld, openWorld, runInWorld, type WorldChoices } from "./world-run.ts";

export interface MutantsOptions extends WorldChoices {
  /** Only these. */
  mutant: string[];
  /** How many worlds at once. */
  clusters: number;
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
  const { manifests, outside, images, store, keep } = options;
  const head = {
    command: "mutants" as const,
    what: names.length === 1 ? `${scenarios[0]?.name}-mutants` : "mutants",
    options: { manifests: resolve(manifests), outside, images, store, keep },
    json: options.json,
    first: (session: Session) => checkFirst(session, options),
    coverage: coverageOf(known),
  };
  return runSession(context, head, (session) => runCases(session, cases, options));
}

function casesOf(scenarios: LoadedScenario[], only: string[]): Case[] {
  if (only.length > 0) return only.map((name) => selectMutant(name, scenarios));
  return scenarios.flatMap((scenario) => scenario.mutants.map((mutant) => ({ scenario, mutant })));
}

/** All cases, in as many worlds at once as are wanted; the results stand in the order of the cases. */
async function runCases(session: Session, cases: Case[], options: MutantsOptions): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([session.signal, stop.signal]);
  const { treeInHome } = await import("../home/index.ts");
  const judged = inapplicable(session, cases, await treeInHome(options.manifests));
  const applicable = cases.filter((one) => !judged.has(one));
  const waiting = applicable.values();
  const worlds = Array.from({ length: worldsFor(applicable, options) }, (_, index) => index + 1);
  const ended = await Promise.allSettled(
    worlds.map(async (number) => {
      try {
        await runInOneWorld(session, { options, number }, { waiting, judged, signal });
      } catch (error) {
        stop.abort(error); // the others end after the case that they are at
        throw error;
      }
    }),
  );
  session.mutants.push(...cases.flatMap((one) => judged.get(one) ?? []));
  const broken = ended.find((one) => one.status === "rejected");
  if (broken) throw broken.reason;
}

/** Mutants whose edit cannot be made of this tree: nothing is run for them, and the others go on. */
function inapplicable({ progress }: Session, cases: Case[], tree: Tree): Map<Case, MutantResult> {
  const judged = new Map<Case, MutantResult>();
  for (const one of cases) {
    const outcome = judgeEdit(one.mutant, tree);
    if (!outcome) continue;
    judged.set(one, { ...headOf(one), ...outcome, ms: 0 });
    progress.note(`Mutant ${one.scenario.name}/${one.mutant.name}: ${outcome.outcome}: ${outcome.why}`);
  }
  return judged;
}

function headOf({ scenario, mutant }: Case): Pick<MutantResult, "scenario" | "mutant" | "title" | "pitfall"> {
  const { name, title, pitfall } = mutant;
  return { scenario: scenario.name, mutant: name, title, ...(pitfall === undefined ? {} : { pitfall }) };
}

/** Mutants of which a second world, started beside the first, gets enough to be worth its start. */
const worthASecondWorld = 4;

/** A kept world is one to look into: it is the only one then. */
function worldsFor(cases: Case[], { clusters, keep }: MutantsOptions): number {
  if (keep !== "never" || cases.length < worthASecondWorld) return 1;
  return clusters;
}

/** Which of the run's worlds. */
interface Place {
  options: MutantsOptions;
  number: number;
}

interface Line {
  waiting: Iterator<Case>;
  judged: Map<Case, MutantResult>;
  signal: AbortSignal;
}

/** One warm world, put back before each mutant; a new one where that does not work. */
async function runInOneWorld(session: Session, { options, number }: Place, line: Line): Promise<void> {
  await using warm = new WarmWorld({
    progress: session.progress,
    open: (mutant) => openWorld(session, options, mutant, number),
  });
  try {
    for (let next = line.waiting.next(); !next.done; next = line.waiting.next()) {
      line.signal.throwIfAborted();
      const { scenario, mutant } = next.value;
      const startedAt = Date.now();
      const title = `Mutant ${scenario.name}/${mutant.name}`;
      const outcome = await session.progress.task(title, () => runCase(session, warm, next.value));
      line.judged.set(next.value, { ...headOf(next.value), ...outcome, ms: Date.now() - startedAt });
      session.progress.note(`${title}: ${outcome.outcome}`);
    }
  } finally {
    const outcomes = [...line.judged.values()].map(({ outcome }) => outcome);
    const hasFailed = outcomes.some((outcome) => outcome !== "caught" && outcome !== "not applicable");
    const end = { keep: options.keep, hasFailed, number };
    if (warm.standing) await finishWorld(session, warm.standing, end);
  }
}

async function runCase(session: Session, warm: WarmWorld, { scenario, mutant }: Case) {
  let world: StartedWorld;
  try {
    world = await warm.take(mutant.overRunning ? "running" : "nothing", mutant);
  } catch (error) {
    const failure = failureOf(error);
    // Only what Flux or the API says about the tree is the mutant's doing; a broken engine is not.
    if (session.signal.aborted || failure.code !== "failed") throw error;
    return judgeBroken(failure);
  }
  const result = await runInWorld(session, world, scenario, {
    label: mutant.name,
    prefix: `${mutant.name}: `,
    wantsEvidence: (found) => judgeMutant(mutant, found).outcome !== "caught",
  });
  session.signal.throwIfAborted();
  session.scenarios.push({ ...result, name: `${scenario.name}/${mutant.name}` });
  warm.left({ isSound: leavesSound(mutant, result) });
  if (troubleOf(result)) await warm.discard();
  return judgeMutant(mutant, result);
}

/** Both workspaces run, and only what mutants over running workspaces change differs from a new world. */
function leavesSound({ overRunning }: Mutant, { steps: [first], failure }: ScenarioResult): boolean {
  // A failure beside the steps: what the scenario kept could not be given back, a dead node for instance.
  return overRunning === true && first?.status === "passed" && failure === undefined;
}
