import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTree } from "../gitops/index.ts";
import { loadScenarios } from "./load-scenarios.ts";

const root = join(import.meta.dirname, "../..");
const scenarios = await loadScenarios(join(root, "scenarios"));
const tree = await readTree(join(root, "manifests"));

describe.each(scenarios)("mutants of $name", ({ mutants }) => {
  it.each(mutants)("$name can be made of manifests/", ({ edit }) => {
    expect(() => edit(tree.copy())).not.toThrow();
  });
});
