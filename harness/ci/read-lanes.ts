import { join } from "node:path";
import { type RunResult, runResultSchema } from "../report/index.ts";
import type { Lane } from "./lane-summary.ts";
import { readStored } from "./read-stored.ts";

/** Where a lane's result is, from the directory of all. */
export type Layout = (name: string) => string;

/** As `.ci/lane` leaves them on one machine. */
export const inOneDirectory: Layout = (name) => join(name, "result.json");
/** As artifacts are downloaded, each into a folder of its own name. */
export const inArtifacts: Layout = (name) => join(`lane-${name}`, "lanes", name, "result.json");

/** Reads the result of each lane, in the order of the names. Whatever a file says, it says of its own lane. */
export async function readLanes(
  dir: string,
  names: readonly string[],
  layout: Layout = inOneDirectory,
): Promise<Lane[]> {
  return Promise.all(
    names.map(async (name) => {
      const result = await readStored(dir, layout(name), runResultSchema);
      const doubt = result && contradiction(name, result);
      return doubt === undefined ? { name, result } : { name, result: undefined, doubt };
    }),
  );
}

/** In what a result contradicts its lane or itself; undefined for one that can be believed. */
export function contradiction(name: string, result: RunResult): string | undefined {
  const { command, status, exitCode, scenarios, mutants, options } = result;
  if (command !== "scenario" || mutants.length > 0 || options.mutant !== undefined)
    return "it is not that of a scenario as it stands";
  const others = scenarios.filter((scenario) => scenario.name !== name).map((scenario) => scenario.name);
  if (others.length > 0 || scenarios.length > 1) return `it is about ${others.join(", ") || "more than one"}`;
  const isWell = status === "passed" || status === "not applicable";
  if (isWell !== (exitCode === 0)) return `it is "${status}" with exit code ${exitCode}`;
  if (!isWell) return undefined;
  const [scenario] = scenarios;
  const steps = scenario?.steps ?? [];
  if (status === "not applicable") {
    const isTrue =
      scenario?.status === status && steps.length > 0 && steps.every((step) => step.status === status);
    return isTrue ? undefined : 'it is "not applicable", and its steps are';
  }
  const undone = steps.filter((step) => step.status === "failed" || step.status === "skipped");
  if (scenario?.status !== "passed" || undone.length > 0 || !steps.some((step) => step.status === "passed"))
    return 'it is "passed", and its steps are not';
  return undefined;
}
