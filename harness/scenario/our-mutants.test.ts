import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { Tree } from "../gitops/index.ts";
import { openHome } from "../home/index.ts";
import { kindsElsewhere } from "../world/index.ts";
import { loadScenarios } from "./load-scenarios.ts";

const root = join(import.meta.dirname, "../..");
const scenarios = await loadScenarios(join(root, "scenarios"));
const { tree } = await openHome({ manifests: join(root, "manifests") });

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

const before = kindsOutside(tree);

/** What is left of `all` when each of `known` is taken out once: the home's own objects are no mutant's. */
function withoutEach(all: string[], known: string[]): string[] {
  const left = [...known];
  return all.filter((kind) => {
    const index = left.indexOf(kind);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

describe.each(scenarios)("mutants of $name", ({ mutants }) => {
  it.each(mutants)(
    "$name leaves nothing in another namespace that a reset does not take away",
    ({ edit }) => {
      const edited = tree.copy();
      edit(edited);
      const added = withoutEach(kindsOutside(edited), before);
      expect(kindsElsewhere.map(({ kind }) => kind)).toEqual(expect.arrayContaining(added));
    },
  );

  it.each(mutants)("$name can be made of manifests/", ({ edit }) => {
    expect(() => edit(tree.copy())).not.toThrow();
  });
});
