import { unfitEngine, unfitMachine } from "../engine/index.ts";
import type { Check } from "./doctor-check.ts";
import type { Facts } from "./doctor-facts.ts";

type EngineOfMachine = Pick<Facts, "platform" | "architecture" | "engineFacts">;

/** Whether this machine and its engine are of a kind on which the harness runs at all. */
export function kindChecks({ platform, architecture, engineFacts }: EngineOfMachine): Check[] {
  const machine = check("machine", unfitMachine(platform, architecture), `${platform} on ${architecture}`);
  if (engineFacts === undefined) return [machine];
  const { kind, version, operatingSystem, architecture: of, cgroups } = engineFacts;
  const found = `${kind} ${version} on ${operatingSystem}, ${of}, cgroup ${cgroups}`;
  const untried = kind === "Docker" ? "" : "; nothing was tried on it";
  return [machine, check("kind of engine", unfitEngine(engineFacts), `${found}${untried}`)];
}

function check(name: string, unfit: ReturnType<typeof unfitMachine>, found: string): Check {
  return unfit === undefined ? { name, state: "ok", found } : { name, state: "missing", ...unfit };
}
