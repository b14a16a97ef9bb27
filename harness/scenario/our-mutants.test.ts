import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { readTree, type Tree } from "../gitops/index.ts";
import { kindsElsewhere } from "../world/index.ts";
import { loadScenarios } from "./load-scenarios.ts";

const root = join(import.meta.dirname, "../..");
const scenarios = await loadScenarios(join(root, "scenarios"));
const tree = await readTree(join(root, "manifests"));

/** Namespaces of which a reset takes everything: that of the workspaces, and Flux's with the tree's Kustomizations. */
const cleared = new Set([undefined, "opencode", "flux-system"]);

/** Kinds of the objects that the tree brings into other namespaces. */
function kindsOutside({ files }: Tree): string[] {
  const manifests = [...files].filter(([path]) => path.endsWith(".yaml"));
  const objects = manifests.flatMap(([, { content }]) =>
    parseAllDocuments(content.toString()).map((document) => document.toJS()),
  );
  return objects.filter((one) => one?.kind && !cleared.has(one.metadata?.namespace)).map(({ kind }) => kind);
}

describe.each(scenarios)("mutants of $name", ({ mutants }) => {
  it.each(mutants)(
    "$name leaves nothing in another namespace that a reset does not take away",
    ({ edit }) => {
      const edited = tree.copy();
      edit(edited);
      expect(kindsElsewhere.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kindsOutside(edited)));
    },
  );

  it.each(mutants)("$name can be made of manifests/", ({ edit }) => {
    expect(() => edit(tree.copy())).not.toThrow();
  });
});
