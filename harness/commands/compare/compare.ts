import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { cacheDir, exitCodes, printable, silent } from "../../base/index.ts";
import { digest, readTree, readTreeAt, type Tree } from "../../gitops/index.ts";
import { outsideFor, renderHome } from "../../home/index.ts";
import { changedObjects } from "../../rendering/index.ts";
import {
  type Comparison,
  compareRuns,
  createRunDirectory,
  createRunId,
  type RunDirectory,
  type RunMeasures,
  type RunResult,
  readMeasures,
  renderComparison,
  type ScenarioResult,
  writeRedacted,
  writeReport,
} from "../../report/index.ts";
import { type LoadedScenario, loadScenarios, selectScenarios } from "../../scenario/index.ts";
import { checkFirst } from "../check-first.ts";
import type { CommandContext } from "../context.ts";
import { resultOfSession, type Session } from "../run-session.ts";
import { headOf, runAll } from "../scenario.ts";
import { requireUsualBase } from "../usual-base.ts";
import type { WorldChoices } from "../world-run.ts";
import { RememberedRuns } from "./remembered-runs.ts";

export interface CompareOptions extends Omit<WorldChoices, "keep" | "reuse"> {
  /** A commit, branch or tag of the repository that the manifests are in; what CI says it is to be merged into if not given. */
  base?: string | undefined;
  /** How often each tree is run. */
  runs: number;
  markdown?: string | undefined;
  json?: string | undefined;
  /** Where figures of earlier runs are; in the cache if not given. */
  memory?: string;
}

/** One of the two trees, and what is known of its runs. */
interface Side {
  name: string;
  commit?: string;
  /** Where its files are. */
  manifests: string;
  /** Of the tree and of what is run of it. */
  key: string;
  results: RunResult[];
  /** Of the runs that came to their end. */
  measures: RunMeasures[];
  /** Of earlier comparisons. */
  remembered: RunMeasures[];
  /** What this tree has against being run; then it is not run again. */
  stopped?: string;
  /** What can work in no cluster was asked for already. */
  isChecked?: boolean;
}

/**
 * `npm run compare`: runs the scenarios on the base and on the working tree in turn, and tells what is otherwise. Returns
 * the exit code: 1 where a scenario fails that passes on the base.
 */
export async function compareCommand(
  context: CommandContext,
  names: string[],
  options: CompareOptions,
): Promise<number> {
  const startedAt = new Date();
  const known = await loadScenarios(context.scenariosDir);
  const scenarios = selectScenarios(names.length > 0 ? names : ["all"], known);
  const directory = await createRunDirectory(context.resultsDir, createRunId("compare", startedAt));
  const memory = new RememberedRuns(options.memory ?? cacheDir("measures"));
  const given = { ...options, base: options.base ?? requireUsualBase(context.env) };
  const { base, head, outside } = await sidesOf(directory, given, scenarios, memory);
  const objects = await objectsBetween(base.manifests, head.manifests, outside);
  // Before the base has taken its minutes.
  await checkFirst(
    { rooms: context.rooms, progress: silent, signal: context.signal },
    { ...options, outside },
  );
  head.isChecked = true;
  const run = (side: Side) => runOf(context, { scenarios, known, options: { ...options, outside } }, side);
  for (const side of turnsOf(base, head, options.runs)) {
    if (side === "once more" && (hasSpread(base, head) || head.stopped)) break;
    const whose = side === "once more" ? base : side;
    if (whose.stopped) continue;
    const result = await run(whose);
    if (result.exitCode > exitCodes.failed) return result.exitCode;
    if (result.error) whose.stopped = result.error.message;
    else await memory.remember(whose.key, await measured(whose, result));
  }
  const comparison = comparisonOf(directory.path, { base, head, objects, startedAt });
  await store(context, directory, comparison, options);
  return isWorse(base, head) ? exitCodes.failed : 0;
}

/** In turn, so that a machine that grows slower does so for both; then what noise needs. */
function turnsOf(base: Side, head: Side, runs: number): (Side | "once more")[] {
  return [...Array.from({ length: runs }, () => [base, head]).flat(), "once more"];
}

/** Whether two runs of one tree are known. */
function hasSpread(base: Side, head: Side): boolean {
  const isSame = base.key === head.key;
  return isSame || [base, head].some(({ measures, remembered }) => measures.length + remembered.length > 1);
}

async function sidesOf(
  directory: RunDirectory,
  { manifests, base: ref, outside, long }: CompareOptions & { base: string },
  scenarios: readonly LoadedScenario[],
  memory: RememberedRuns,
): Promise<{ base: Side; head: Side; outside: string | undefined }> {
  const [past, now] = await Promise.all([readTreeAt(manifests, ref), readTree(manifests)]);
  const place = join(directory.path, "base");
  await past.tree.writeTo(place);
  const what = [...scenarios.map(({ name }) => name), long ? "long" : ""];
  const sideOf = async (name: string, tree: Tree, at: string): Promise<Side> => {
    const key = await keyOf(tree, what);
    return { name, manifests: at, key, results: [], measures: [], remembered: await memory.of(key) };
  };
  const shown = past.isMergeBase ? `${ref}, where it parts` : ref;
  return {
    base: { ...(await sideOf(shown, past.tree, place)), commit: past.commit },
    head: await sideOf("working tree", now, resolve(manifests)),
    // The world outside is the same for both, also where it stands beside the working tree only.
    outside: outside ?? (await outsideFor(manifests, now)),
  };
}

/** What Flux and Helm apply otherwise; values behind SOPS are the same on both sides. */
async function objectsBetween(
  base: string,
  head: string,
  outside: string | undefined,
): Promise<Comparison["objects"]> {
  const after = await renderHome({ manifests: head, outside });
  const before = await renderHome({ manifests: base, outside, sops: after.sops });
  return changedObjects(before.rendered, after.rendered).map(
    ({ kind, namespace, name, before: was, after: is }) => ({
      what: was && is ? "changed" : is ? "added" : "removed",
      kind,
      ...(namespace === undefined ? {} : { namespace }),
      name,
    }),
  );
}

async function keyOf(tree: Tree, what: readonly string[]): Promise<string> {
  return createHash("sha256")
    .update(`${await digest(tree)} ${what.join(" ")}`)
    .digest("hex")
    .slice(0, 32);
}

interface Runs {
  scenarios: LoadedScenario[];
  known: LoadedScenario[];
  options: CompareOptions;
}

async function runOf(
  context: CommandContext,
  { scenarios, known, options }: Runs,
  side: Side,
): Promise<RunResult> {
  const check = options.check !== false && !side.isChecked;
  const choices: WorldChoices = { ...options, manifests: side.manifests, keep: "never", check };
  context.stdout.write(`\nThe scenarios on ${side.name}, run ${side.results.length + 1}\n`);
  const head = headOf(scenarios, known, { ...choices, json: undefined });
  // One world: of two that take the rounds as they come the figures of one say little of another run's.
  const run = (session: Session) => runAll(session, scenarios, { ...choices, clusters: 1 });
  const result = await resultOfSession(context, head, run);
  side.isChecked = true;
  side.results.push(result);
  return result;
}

async function measured({ measures }: Side, { directory }: RunResult): Promise<RunMeasures> {
  const own = await readMeasures(directory);
  measures.push(own);
  return own;
}

interface Compared {
  base: Side;
  head: Side;
  objects: Comparison["objects"];
  startedAt: Date;
}

function comparisonOf(directory: string, { base, head, objects, startedAt }: Compared): Comparison {
  const side = ({ name, commit, results, stopped }: Side) => ({
    name,
    ...(commit === undefined ? {} : { commit }),
    runs: results.map(({ runId }) => runId),
    ...(stopped === undefined ? {} : { stopped }),
  });
  return {
    version: 1,
    runId: directory.split("/").at(-1) ?? "",
    startedAt: startedAt.toISOString(),
    ms: Date.now() - startedAt.getTime(),
    base: side(base),
    head: side(head),
    objects,
    ...compareRuns({
      base: base.measures,
      head: head.measures,
      remembered: { base: base.remembered, head: head.remembered },
      isSameTree: base.key === head.key,
    }),
  };
}

async function store(
  { stdout }: CommandContext,
  directory: RunDirectory,
  comparison: Comparison,
  { markdown, json }: CompareOptions,
): Promise<void> {
  const text = renderComparison(comparison);
  await directory.writeJson("compare.json", comparison);
  await directory.writeText("compare.md", text);
  if (markdown !== undefined) await writeRedacted(resolve(markdown), text);
  if (json !== undefined) await writeRedacted(resolve(json), `${JSON.stringify(comparison, null, 2)}\n`);
  const page = await writeReport(directory.path);
  stdout.write(`\n${printable(text)}\n${page}   (npm run report opens it)\n`);
}

/** Whether something fails, cannot even be run or applies no longer that passes on the base, or fails that did not apply there. */
function isWorse(base: Side, head: Side): boolean {
  const all = (side: Side, name: string, status: ScenarioResult["status"]) =>
    side.results.every(({ scenarios }) =>
      scenarios.some((one) => one.name === name && one.status === status),
    );
  return (
    base.results[0]?.scenarios.some(
      ({ name }) =>
        (all(base, name, "passed") && !all(head, name, "passed")) ||
        (all(base, name, "not applicable") &&
          !all(head, name, "passed") &&
          !all(head, name, "not applicable")),
    ) ?? false
  );
}
