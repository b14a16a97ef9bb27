import { resolve } from "node:path";
import { formatTable, toJson, writeRedacted } from "../report/index.ts";
import { coverageOf, type LoadedScenario } from "../scenario/index.ts";
import type { CommandContext } from "./context.ts";

/** `--list`: what each scenario covers, for people or (with --json) for a CI matrix. */
export async function listScenarios(
  { stdout }: CommandContext,
  scenarios: LoadedScenario[],
  json: string | undefined,
): Promise<number> {
  const list = toJson(scenarios.map(describe));
  if (json === "-") stdout.write(list);
  else if (json !== undefined) await writeRedacted(resolve(json), list);
  if (json !== "-") stdout.write(`${tableOf(scenarios)}\n\n${coverageTable(scenarios)}\n`);
  return 0;
}

function describe({ name, title, covers, steps, mutants }: LoadedScenario) {
  return {
    name,
    title,
    covers,
    steps: steps.map((step) => step.title),
    mutants: mutants.map((mutant) => ({
      name: mutant.name,
      title: mutant.title,
      ...(mutant.pitfall === undefined ? {} : { pitfall: mutant.pitfall }),
      caughtBy: { step: mutant.caughtBy.step, message: mutant.caughtBy.message.source },
    })),
  };
}

function tableOf(scenarios: LoadedScenario[]): string {
  const rows = scenarios.map(({ name, title, covers, steps, mutants }) => [
    name,
    title,
    covers.pitfalls.join(", "),
    String(steps.length),
    mutants.map((mutant) => mutant.name).join(", "),
  ]);
  return formatTable([["scenario", "title", "pitfalls", "steps", "mutants"], ...rows]);
}

/** What the documents want proved, and by which scenario it is; what nobody covers is said too. */
function coverageTable(scenarios: LoadedScenario[]): string {
  const coverage = coverageOf(scenarios);
  const rows = coverage.map(({ kind, what, coveredBy }) => [
    kind,
    what,
    coveredBy.join(", ") || "not covered",
  ]);
  const open = coverage.filter(({ coveredBy }) => coveredBy.length === 0).length;
  return `${formatTable([["kind", "what is to be proved", "by"], ...rows])}\n\n${coverage.length - open} of ${coverage.length} covered`;
}
