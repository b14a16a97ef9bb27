import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { HarnessError, messageOf } from "../base/index.ts";
import type { Scenario } from "./scenario.ts";

export interface LoadedScenario extends Scenario {
  /** Absolute path. */
  file: string;
}

const suffix = ".scenario.ts";
const moduleSchema = z.object({
  default: z.custom<Scenario>((value) => typeof value === "object" && value !== null && "steps" in value),
});

/**
 * Reads every scenarios/*.scenario.ts in `dir`, sorted by name. Throws a usage error that names the file, or the mutant
 * whose name stands in two of them.
 */
export async function loadScenarios(dir: string): Promise<LoadedScenario[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith(suffix)).sort();
  const scenarios = await Promise.all(
    names.map((name) => loadScenario(join(dir, name), name.slice(0, -suffix.length))),
  );
  assertMutantsAreKnownByName(scenarios);
  return scenarios;
}

function assertMutantsAreKnownByName(scenarios: LoadedScenario[]): void {
  const owners = new Map<string, string>();
  for (const scenario of scenarios) {
    for (const { name } of scenario.mutants) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        throw new HarnessError(`scenarios ${owner} and ${scenario.name} both have a mutant "${name}"`, {
          code: "usage",
          remedy: "give one of them another name: --mutant picks by name alone",
        });
      }
      owners.set(name, scenario.name);
    }
  }
}

async function loadScenario(file: string, name: string): Promise<LoadedScenario> {
  const loaded: unknown = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new HarnessError(`${file} cannot be read: ${messageOf(error)}`, { code: "usage", cause: error });
  });
  const module = moduleSchema.safeParse(loaded);
  if (!module.success) {
    throw new HarnessError(`${file} has no scenario as its default export`, {
      code: "usage",
      remedy: "export default scenario({ name, title, covers, mutants }, ({ step }) => { … })",
    });
  }
  const scenario = module.data.default;
  if (scenario.name !== name) {
    throw new HarnessError(`${file} holds the scenario "${scenario.name}"; the file must have its name`, {
      code: "usage",
    });
  }
  return { ...scenario, file };
}
