import { join, resolve } from "node:path";
import type { Progress } from "../base/index.ts";
import { createProgress, formatTable, toJson, writeRedacted } from "../report/index.ts";
import type { ImageSource } from "../scenario/index.ts";
import { bareCluster } from "./bench/bare-cluster.ts";
import { type Measured, median, type Probe } from "./bench/measure.ts";
import { scenarioRun } from "./bench/scenario-run.ts";
import { secondPreparation } from "./bench/second-preparation.ts";
import { worldStart } from "./bench/world-start.ts";
import type { CommandContext } from "./context.ts";

export interface BenchOptions {
  runs: number;
  images: ImageSource;
  json?: string | undefined;
}

const probes: Probe[] = [secondPreparation, bareCluster, worldStart, scenarioRun];

/** `npm run bench`: measures what the harness must reach; a table, and JSON. Being slow is no failure. */
export async function benchCommand(
  context: CommandContext,
  options: BenchOptions,
  list = probes,
): Promise<number> {
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

async function repeat(
  probe: Probe,
  context: CommandContext,
  { runs, images }: BenchOptions,
  progress: Progress,
): Promise<Measured[]> {
  const found: Record<string, number>[] = [];
  for (let run = 1; run <= runs; run++) {
    context.signal.throwIfAborted();
    const title = `${probe.title}, run ${run} of ${runs}`;
    found.push(await progress.task(title, (task) => probe.run({ context, images, progress: task })));
  }
  return probe.measures.map((measure) => {
    const values = found.flatMap((run) => run[measure.name] ?? []);
    const middle = median(values);
    return { ...measure, ...(middle === undefined ? {} : { median: middle }), values };
  });
}

function tableOf(measured: Measured[]): string {
  const rows = measured.map(({ name, unit, limit, aim, median, values }) => [
    name,
    amount(median, unit) ?? "not measured",
    amount(limit, unit) ?? "",
    amount(aim, unit) ?? "",
    limit !== undefined && median !== undefined && median > limit ? "OVER" : "",
    values.map((value) => value.toFixed(1)).join(" "),
  ]);
  return formatTable([["measure", "median", "at most", "aim", "", "runs"], ...rows]);
}

function amount(value: number | undefined, unit: string): string | undefined {
  return value === undefined ? undefined : `${Number(value.toFixed(2))} ${unit}`;
}
