import { describe, expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { kustomizationFile } from "./kustomization-file.ts";
import type { KustomizationObject } from "./kustomization-object.ts";

const object: KustomizationObject = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "apps" },
  spec: { sourceRef: { kind: "GitRepository", name: "home" } },
};
const fileOf = (files: string[], spec = {}) =>
  kustomizationFile(Tree.of(files.map((path) => [path, ""])), "apps", {
    ...object,
    spec: { ...object.spec, ...spec },
  });

describe("a directory without a kustomization file", () => {
  it("is all YAML files below it, in the order of a walk, and directories with a file as such", () => {
    const file = fileOf([
      "apps/b.yaml",
      "apps/a/kustomization.yaml",
      "apps/a/inner.yaml",
      "apps/a/deep/kustomization.yml",
      "apps/a.yml",
      "apps/c/d/e.yaml",
      "apps/c/.sops.yaml",
      "apps/readme.md",
      "other/x.yaml",
    ]);
    expect(file?.path).toBe("apps/kustomization.yaml");
    expect(JSON.parse(file?.text ?? "").resources).toEqual(["./a", "./a.yml", "./b.yaml", "./c/d/e.yaml"]);
  });
});

it("puts Flux's fields behind those of the file", () => {
  const tree = Tree.of([
    [
      "apps/kustomization.yaml",
      "namespace: own\nimages: [{name: a, newTag: '1'}, {name: b}]\npatches: [{path: p.yaml}]\n",
    ],
  ]);
  const spec = {
    ...object.spec,
    targetNamespace: "theirs",
    images: [{ name: "a", newTag: "2" }],
    patches: [{ patch: "x" }],
  };
  const file = kustomizationFile(tree, "apps", { ...object, spec });
  expect(JSON.parse(file?.text ?? "")).toEqual({
    namespace: "theirs",
    images: [{ name: "b" }, { name: "a", newTag: "2" }],
    patches: [{ path: "p.yaml" }, { patch: "x" }],
    buildMetadata: ["originAnnotations"],
  });
});

it("reads the first document of a file, whatever comes after", () => {
  const tree = Tree.of([["apps/kustomization.yaml", "---\nnamespace: own\n---\n"]]);
  expect(JSON.parse(kustomizationFile(tree, "apps", object)?.text ?? "").namespace).toBe("own");
});

it("is undefined for a directory that is not there", () => {
  expect(fileOf(["other/x.yaml"])).toBeUndefined();
});
