import { resolve } from "node:path";
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
  selectMutant,
  selectScenarios,
} from "../scenario/index.ts";
import type { WarmWorld } from "../warm/index.ts";
import { checkFirst } from "./check-first.ts";
import type { CommandContext } from "./context.ts";
import { troubleOf } from "./exit-code.ts";
import { worldsFor } from "./memory.ts";
import { runSession, type Session } from "./run-session.ts";
import { sideBySide } from "./side-by-side.ts";
import { runInWorld, type WorldChoices } from "./world-run.ts";

export interface MutantsOptions extends WorldChoices {
  /** Only these. */
  mutant: string[];
  /** How many worlds at once; as many as make sense if not given. */
  clusters?: number | undefined;
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
    first: async (session: Session) => void (await checkFirst(session, options)),
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
  const { treeInHome } = await import("../home/index.ts");
  const judged = inapplicable(session, cases, await treeInHome(options.manifests));
  const applicable = cases.filter((one) => !judged.has(one));
  try {
    await sideBySide(session, options, {
      worlds: await worlds(session, applicable, options),
      line: overRunningFirst(applicable),
      work: async (warm, one) => void judged.set(one, await resultOf(session, warm, one)),
      hasFailed: () => [...judged.values()].some(isFailure),
    });
  } finally {
    session.mutants.push(...cases.flatMap((one) => judged.get(one) ?? []));
  }
}

/** One after the other they find what they need; behind any other the workspaces would have to be started for them. */
const overRunningFirst = (cases: Case[]) =>
  cases.toSorted((one, other) => Number(isOverRunning(other)) - Number(isOverRunning(one)));

const isOverRunning = ({ mutant }: Case) => mutant.overRunning === true;

/** A kept world is one to look into: it is the only one then. */
const worlds = async (
  { progress }: Session,
  { length: pieces }: Case[],
  { clusters, keep }: MutantsOptions,
) => (keep === "never" ? await worldsFor({ pieces, clusters, progress }) : 1);

const isFailure = ({ outcome }: MutantResult) => outcome !== "caught" && outcome !== "not applicable";

async function resultOf(session: Session, warm: WarmWorld, one: Case): Promise<MutantResult> {
  const startedAt = Date.now();
  const title = `Mutant ${one.scenario.name}/${one.mutant.name}`;
  const outcome = await session.progress.task(title, () => runCase(session, warm, one));
  session.progress.note(`${title}: ${outcome.outcome}`);
  return { ...headOf(one), ...outcome, ms: Date.now() - startedAt };
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

async function runCase(session: Session, warm: WarmWorld, { scenario, mutant }: Case) {
  const taking = warm.take(mutant.overRunning ? "running" : "nothing", mutant);
  const running = runInWorld(session, taking, scenario, {
    label: mutant.name,
    prefix: `${mutant.name}: `,
    wantsEvidence: (found) => judgeMutant(mutant, found).outcome !== "caught",
  });
  const [taken] = await Promise.allSettled([taking, running]);
  if (taken.status === "rejected") {
    const failure = failureOf(taken.reason);
    // Only what Flux or the API says about the tree is the mutant's doing; a broken engine is not.
    if (session.signal.aborted || failure.code !== "failed") throw taken.reason;
    return judgeBroken(failure);
  }
  const result = await running;
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
