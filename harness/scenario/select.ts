import { closest, HarnessError } from "../base/index.ts";
import type { LoadedScenario } from "./load-scenarios.ts";
import type { Mutant } from "./mutant.ts";

/** The scenarios of these names, in the order given; "all" is every one. Throws a usage error for a name nobody has. */
export function selectScenarios(names: string[], known: LoadedScenario[]): LoadedScenario[] {
  if (names.includes("all")) return known;
  return [...new Set(names)].map(
    (name) => known.find((scenario) => scenario.name === name) ?? unknown("scenario", name, known),
  );
}

/** The mutant of this name and the scenario that it stands beside. Throws a usage error for a name nobody has. */
export function selectMutant(
  name: string,
  scenarios: LoadedScenario[],
): { scenario: LoadedScenario; mutant: Mutant } {
  for (const scenario of scenarios) {
    const mutant = scenario.mutants.find((candidate) => candidate.name === name);
    if (mutant) return { scenario, mutant };
  }
  return unknown(
    "mutant",
    name,
    scenarios.flatMap((scenario) => scenario.mutants),
  );
}

function unknown(kind: "scenario" | "mutant", name: string, known: { name: string }[]): never {
  const names = known.map((one) => one.name);
  const guess = closest(name, names);
  throw new HarnessError(`there is no ${kind} "${name}"`, {
    code: "usage",
    remedy: `${guess === undefined ? "" : `did you mean "${guess}"? `}known: ${names.join(", ") || "none"}`,
  });
}
