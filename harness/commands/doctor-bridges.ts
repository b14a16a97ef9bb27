import { bridgeFilterRemedy } from "../engine/index.ts";
import type { Check } from "./doctor-check.ts";
import type { Facts } from "./doctor-facts.ts";

/**
 * Whether Services will answer pods on their own node. An engine elsewhere, or in a virtual machine, has another kernel than
 * this one: then the start of a cluster looks. Our private engine loads the module itself.
 */
export function bridgeCheck({ engine, filtersBridges }: Pick<Facts, "engine" | "filtersBridges">): Check {
  const name = "bridge filter";
  if (filtersBridges) return { name, state: "ok", found: "br_netfilter" };
  if (filtersBridges === undefined || isElsewhere(engine))
    return { name, state: "ok", found: "the engine's, a start looks" };
  if (engine === undefined) return { name, state: "ok", found: "the private engine loads br_netfilter" };
  return { name, state: "missing", found: "br_netfilter is not loaded", remedy: bridgeFilterRemedy };
}

/** Reached over the network, or Docker Desktop's, which is a virtual machine on Linux too. */
function isElsewhere(engine: string | undefined): boolean {
  return engine !== undefined && (!engine.startsWith("unix:") || engine.includes("/desktop/"));
}
