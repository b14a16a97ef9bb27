import { join, resolve } from "node:path";
import { HarnessError, type Progress } from "../base/index.ts";
import { createProgress, formatTable, toJson, writeRedacted } from "../report/index.ts";
import type { ImageSource } from "../scenario/index.ts";
import { bareCluster } from "./bench/bare-cluster.ts";
import { checkRun } from "./bench/check-run.ts";
import { type Measured, median, type Probe } from "./bench/measure.ts";
import { mutantsRun } from "./bench/mutants-run.ts";
import { everyScenario, scenarioRun } from "./bench/scenario-run.ts";
import { secondPreparation } from "./bench/second-preparation.ts";
import { watchRounds } from "./bench/watch-rounds.ts";
import { worldStart } from "./bench/world-start.ts";
import type { CommandContext } from "./context.ts";

export interface BenchOptions {
  runs: number;
  images: ImageSource;
  json?: string | undefined;
}

const probes: Probe[] = [
  checkRun,
  secondPreparation,
  bareCluster,
  worldStart,
  scenarioRun,
  watchRounds,
  everyScenario,
  mutantsRun,
];

/**
 * `npm run bench`: measures what the harness must reach, all of it or what is named; a table, and JSON. Being slow is
 * no failure.
 */
export async function benchCommand(
  context: CommandContext,
  names: string[],
  options: BenchOptions,
  known = probes,
): Promise<number> {
  const list = names.length === 0 ? known : names.map((name) => probeNamed(name, known));
  const stream = options.json === "-" ? context.stderr : context.stdout;
  const display = createProgress(stream, { isTTY: stream.isTTY === true, env: context.env });
  const measured: Measured[] = [];
  try {
    for (const probe of list) measured.push(...(await repeat(probe, context, options, display.progress)));
  } finally {
    display.close();
  }
  const report = toJson({ version: 1, at: new Date().toISOString(), runs: options.runs, measured });
  if (options.json === "-") context.stdout.write(report);
  else await writeRedacted(resolve(options.json ?? join(context.resultsDir, "bench.json")), report);
  stream.write(`\n${tableOf(measured)}\n`);
  return 0;
}

function probeNamed(name: string, known: Probe[]): Probe {
  const found = known.find((probe) => probe.name === name);
  if (found) return found;
  const names = known.map((probe) => probe.name).join(", ");
  throw new HarnessError(`there is no measurement "${name}"`, { code: "usage", remedy: `known: ${names}` });
}

async function repeat(
  probe: Probe,
  context: CommandContext,
  { runs, images }: BenchOptions,
  progress: Progress,
): Promise<Measured[]> {
  const found: Record<string, number>[] = [];
  const wanted = probe.runsOnce ? 1 : runs;
  for (let run = 1; run <= wanted; run++) {
    context.signal.throwIfAborted();
    const title = `${probe.title}, run ${run} of ${wanted}`;
    found.push(await progress.task(title, (task) => probe.run({ context, images, progress: task })));
  }
  return probe.measures.map((measure) => {
    const values = found.flatMap((run) => run[measure.name] ?? []);
    const middle = median(values);
    return { ...measure, ...(middle === undefined ? {} : { median: middle }), values };
  });
}

function tableOf(measured: Measured[]): string {
  const rows = measured.map((measure) => [
    measure.name,
    amount(measure.median, measure.unit) ?? "not measured",
    bound(measure),
    amount(measure.aim, measure.unit) ?? "",
    isMissed(measure) ? "MISSED" : "",
    measure.values.map((value) => value.toFixed(1)).join(" "),
  ]);
  return formatTable([["measure", "median", "must be", "aim", "", "runs"], ...rows]);
}

function bound({ limit, atLeast, unit }: Measured): string {
  if (limit !== undefined) return `at most ${amount(limit, unit)}`;
  return atLeast === undefined ? "" : `at least ${amount(atLeast, unit)}`;
}

function isMissed({ median, limit = Infinity, atLeast = 0 }: Measured): boolean {
  return median !== undefined && (median > limit || median < atLeast);
}

function amount(value: number | undefined, unit: string): string | undefined {
  return value === undefined ? undefined : `${Number(value.toFixed(2))} ${unit}`;
}
