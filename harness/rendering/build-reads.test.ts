import { expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { digestOfReads } from "./build-reads.ts";

const file = {
  path: "a/kustomization.yaml",
  text: '{"resources":["./x.yaml","../base"]}',
  unknownFields: [],
};
const base: Record<string, string> = {
  "a/x.yaml": "x: 1",
  "base/kustomization.yaml": "resources: [y.yaml]\nconfigMapGenerator: [{name: c, files: [run=script.sh]}]",
  "base/y.yaml": "y: 1",
  "base/script.sh": "true",
  "elsewhere.yaml": "z: 1",
};
const digest = (changed: Record<string, string> = {}) =>
  digestOfReads(Tree.of(Object.entries({ ...base, ...changed })), file);

it.each(["a/x.yaml", "base/kustomization.yaml", "base/y.yaml", "base/script.sh"])("reads %s", (path) => {
  expect(digest({ [path]: `${base[path]}\n# changed` })).not.toBe(digest());
});

it("does not read what no kustomization file names", () => {
  expect(digest({ "elsewhere.yaml": "z: 2", "base/other.yaml": "" })).toBe(digest());
});

it("notices a file that was not there before", () => {
  const { "base/y.yaml": _, ...without } = base;
  expect(digestOfReads(Tree.of(Object.entries(without)), file)).not.toBe(digest());
});

it("does not say where a plugin's own file may name others", () => {
  expect(digest({ "base/kustomization.yaml": "generators: [y.yaml]" })).toBeUndefined();
});
