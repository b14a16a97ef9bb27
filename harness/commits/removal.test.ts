import { expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { commonFolder, removeFromGit } from "./removal.ts";

const flux = (name: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}, namespace: flux-system}\nspec: {}\n`;
const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: opencode}\n";
const apps = "kubernetes/apps";
const files: [string, string][] = [
  [`${apps}/opencode/namespace.yaml`, namespace],
  [`${apps}/opencode/opencode-flux/ks.yaml`, flux("opencode-flux")],
  [`${apps}/opencode/opencode-flux/app/helmrelease.yaml`, ""],
  [`${apps}/opencode-elsewhere/ks.yaml`, flux("another")],
];

it("removes the folder of the workspaces' namespace and nothing else", () => {
  const tree = Tree.of(files);
  removeFromGit([testFacts()], tree);
  expect([...tree.files.keys()]).toEqual([`${apps}/opencode-elsewhere/ks.yaml`]);
});

it("takes the line that names the folder out of the kustomization above", () => {
  const above = `${apps}/kustomization.yaml`;
  const tree = Tree.of([...files, [above, "resources:\n  - ./opencode-elsewhere\n  - ./opencode\n"]]);
  removeFromGit([testFacts()], tree);
  expect(tree.text(above)).toBe("resources:\n  - ./opencode-elsewhere\n");
});

it("does not take all applications where the workspaces have no folder of their own", () => {
  const tree = Tree.of([
    [`${apps}/namespaces.yaml`, namespace],
    [`${apps}/opencode/ks.yaml`, flux("opencode-flux")],
  ]);
  expect(() => removeFromGit([testFacts()], tree)).toThrow(/no folder of their own/);
});

it.each([
  [["a/b/c", "a/b/d"], "a/b"],
  [["a/b", "a/b/c"], "a/b"],
  [["a/b"], "a/b"],
  [["a", "b"], ""],
])("the common folder of %j is %j", (paths, folder) => {
  expect(commonFolder(paths)).toBe(folder);
});
