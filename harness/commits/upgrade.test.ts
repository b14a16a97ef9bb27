import { expect, it } from "vitest";
import { parse } from "yaml";
import { Tree } from "../gitops/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { annotatePods } from "./upgrade.ts";

const ks = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: opencode-flux
spec:
  patches:
    - patch: "{}"
`;

const patchesOf = (facts = testFacts()) => {
  const tree = Tree.of([["ks.yaml", ks]]);
  annotatePods(facts, tree);
  return parse(tree.text("ks.yaml")).spec.patches as { patch: string; target?: object }[];
};

it("an upgrade comes as one more patch of the workspace's Kustomization", () => {
  const [own, added, ...others] = patchesOf();
  expect(own).toEqual({ patch: "{}" });
  expect(added?.target).toEqual({ group: "helm.toolkit.fluxcd.io", kind: "HelmRelease" });
  expect(JSON.parse(added?.patch ?? "").spec.values.defaultPodOptions.annotations).toBeDefined();
  expect(others).toEqual([]);
});

it("a workload without a release is annotated itself", () => {
  const { release: _, ...facts } = testFacts("opencode-flux", {
    workload: { kind: "StatefulSet", name: "opencode" },
  });
  expect(patchesOf(facts).at(-1)?.target).toEqual({ group: "apps", kind: "StatefulSet" });
});
