import { resolve } from "node:path";
import { printable } from "../base/index.ts";
import type { HomeOptions } from "../home/index.ts";
import { formatTable, jsonToPrint, toJson, writeRedacted } from "../report/index.ts";
import { type CaughtBy, coverageOf, type LoadedScenario } from "../scenario/index.ts";
import type { CommandContext } from "./context.ts";
import { treeFacts, treeTable } from "./list-tree.ts";

/**
 * `--list`: what each scenario covers, for people or (with --json) for a CI matrix; of a tree that is given also its facts,
 * beside the scenarios: `{scenarios, tree}` in place of the list.
 */
export async function listScenarios(
  { stdout, env, signal }: CommandContext,
  scenarios: LoadedScenario[],
  { json, tree }: { json: string | undefined; tree?: HomeOptions | undefined },
): Promise<number> {
  const home = tree && (await (await import("../home/index.ts")).openHome({ ...tree, signal }));
  const described = scenarios.map(describe);
  const list = home ? { scenarios: described, tree: treeFacts(home) } : described;
  if (json === "-") stdout.write(jsonToPrint(list, env));
  else if (json !== undefined) await writeRedacted(resolve(json), toJson(list));
  const tables = [tableOf(scenarios), coverageTable(scenarios), ...(home ? [treeTable(home)] : [])];
  if (json !== "-") stdout.write(`${printable(tables.join("\n\n"))}\n`);
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
      caughtBy: inWords(mutant.caughtBy),
      ...(mutant.orCaughtBy ? { orCaughtBy: inWords(mutant.orCaughtBy) } : {}),
    })),
  };
}

const inWords = ({ step, message }: CaughtBy) => ({ step, message: message.source });

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
  const rows = coverage.map(({ kind, what, coveredBy, part }) => [
    kind,
    what,
    coveredBy.join(", ") || "not covered",
    part ?? "",
  ]);
  const open = coverage.filter(({ coveredBy }) => coveredBy.length === 0).length;
  return `${formatTable([["kind", "what is to be proved", "by", "on which part"], ...rows])}\n\n${coverage.length - open} of ${coverage.length} covered`;
}
