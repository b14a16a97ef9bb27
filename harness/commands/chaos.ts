import { randomBytes } from "node:crypto";
import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { exitCodes } from "../base/index.ts";
import { allKinds, kindsNamed, type Outcome, planRounds, playRounds, titleOf } from "../chaos/index.ts";
import {
  createProgress,
  createRunId,
  formatDuration,
  formatTable,
  quoted,
  toJson,
  writeRedacted,
} from "../report/index.ts";
import { type CommandContext, screenOf } from "./context.ts";

export interface ChaosOptions {
  rounds?: number;
  seed?: string;
  only?: string[];
  list: boolean;
  plan: boolean;
  json?: string | undefined;
}

export const kindNames = allKinds.map(({ name }) => name);

/**
 * `npm run chaos`: plays rounds of bad luck, each of its kind once if no count is given. Returns the exit code: `failed`
 * where a round has found something, with the seed to repeat it.
 */
export async function chaosCommand(
  context: CommandContext,
  options: ChaosOptions,
  play = playRounds,
): Promise<number> {
  const kinds = kindsNamed(options.only ?? [], allKinds);
  if (options.list) return show(context, tableOfKinds());
  const { seed = randomBytes(4).toString("hex"), rounds: count = kinds.length } = options;
  const rounds = planRounds(seed, count, kinds);
  const command = `npm run chaos -- --rounds ${count} --seed ${seed}${options.only ? ` --only ${options.only.join(" ")}` : ""}`;
  const kindOf = (name: string) => kinds.find((kind) => kind.name === name) ?? { name, title: "" };
  if (options.plan)
    return show(context, rounds.map((round) => titleOf(round, kindOf(round.kind))).join("\n"));
  const stream = options.json === "-" ? context.stderr : context.stdout;
  stream.write(`seed ${seed}: ${command}\n`);
  const directory = join(context.resultsDir, createRunId("chaos"));
  const display = createProgress(stream, screenOf(context, stream));
  let outcomes: Outcome[];
  try {
    outcomes = await play({
      rounds,
      kinds,
      progress: display.progress,
      signal: context.signal,
      keepEvidence: (outcome, from) =>
        keepEvidence(outcome, from, join(directory, `round-${outcome.number}`)),
    });
  } finally {
    display.close();
  }
  const result = toJson({ version: 1, seed, command, rounds: outcomes });
  if (options.json === "-") context.stdout.write(result);
  else await writeRedacted(resolve(options.json ?? join(directory, "chaos.json")), result);
  const finds = outcomes.filter(({ status }) => status === "found");
  stream.write(quoted(`\n${tableOf(outcomes)}\n${findsIn(finds, directory)}`, context.env));
  stream.write(`\n${outcomes.length} rounds, ${finds.length} with findings\n`);
  if (finds.length > 0) stream.write(`Again: ${command}\n`);
  return finds.length > 0 ? exitCodes.failed : 0;
}

function show({ stdout }: CommandContext, text: string): number {
  stdout.write(`${text}\n`);
  return 0;
}

function tableOfKinds(): string {
  const rows = allKinds.map(({ name, title, acts, needsCluster }) => [
    name,
    needsCluster ? "minutes" : "seconds",
    title,
    acts.join(", "),
  ]);
  return formatTable([["kind", "takes", "what happens", "drawn from"], ...rows]);
}

/** A line for each kind. */
function tableOf(outcomes: readonly Outcome[]): string {
  const byKind = Object.entries(Object.groupBy(outcomes, ({ kind }) => kind));
  const rows = byKind.map(([kind, all = []]) => {
    const count = (status: Outcome["status"]) => `${all.filter((each) => each.status === status).length}`;
    const longest = Math.max(...all.map(({ ms }) => ms));
    const why = all.find((each) => each.why !== undefined)?.why ?? "";
    return [kind, count("passed"), count("found"), count("skipped"), formatDuration(longest), why];
  });
  return formatTable([["kind", "passed", "with findings", "skipped", "longest", ""], ...rows]);
}

function findsIn(finds: readonly Outcome[], directory: string): string {
  return finds
    .map(({ number, kind, act, atMs, findings }) => {
      const head = `round ${number}, ${kind}, ${act} after ${atMs} ms (${join(directory, `round-${number}`)}):`;
      return [`\n${head}`, ...findings.map(({ what }) => `  ${what}`)].join("\n");
    })
    .join("\n");
}

/** What the commands have said and written, but for keys. */
async function keepEvidence(outcome: Outcome, from: string, to: string): Promise<void> {
  await writeRedacted(join(to, "round.json"), toJson(outcome));
  const isNoKey = (path: string) => !path.split("/").includes("access");
  await cp(join(from, "checkout/results"), join(to, "results"), { recursive: true, filter: isNoKey });
  for (const cache of ["own", "other", "others", "cluster"])
    await cp(join(from, "caches", cache, "logs"), join(to, "logs", cache), { recursive: true }).catch(
      () => {},
    );
}
