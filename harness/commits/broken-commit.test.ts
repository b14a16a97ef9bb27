import { expect, it } from "vitest";
import { parse } from "yaml";
import { Tree } from "../gitops/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { breakBuild, changeClaims } from "./broken-commit.ts";
import { neverReady } from "./failing-upgrade.ts";
import { renameKustomization } from "./renaming.ts";

const ks = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: &app opencode-flux
spec:
  commonMetadata:
    labels:
      app.kubernetes.io/name: *app
  postBuild:
    substitute:
      APP: *app
      VOLSYNC_CAPACITY: 5Gi
`;

function edited(edit: (facts: ReturnType<typeof testFacts>, tree: Tree) => void, facts = testFacts()) {
  const tree = Tree.of([["ks.yaml", ks]]);
  edit(facts, tree);
  return parse(tree.text("ks.yaml"));
}

it("a broken commit patches what the workspace's Kustomization brings", () => {
  const { release: _, ...bare } = testFacts("opencode-flux", {
    workload: { kind: "StatefulSet", name: "opencode" },
  });
  const kindsOf = (...found: ReturnType<typeof edited>[]) =>
    found.map(({ spec }) => spec.patches[0].target.kind);
  expect(kindsOf(edited(breakBuild), edited(breakBuild, bare), edited(changeClaims))).toEqual([
    "HelmRelease",
    "StatefulSet",
    "PersistentVolumeClaim",
  ]);
});

it("an upgrade that is never Ready is the same image in a version that is not there", () => {
  const image = "registry.example:5000/me/opencode:1.18.34@sha256:00";
  const [{ patch }] = edited(neverReady, testFacts("opencode-flux", { image })).spec.patches;
  const [{ kustomize }] = JSON.parse(patch).spec.postRenderers;
  expect(kustomize.images).toEqual([
    { name: "registry.example:5000/me/opencode", newTag: "0.0.0-never-published" },
  ]);
});

it("a renamed Kustomization takes along what has its name", () => {
  expect(edited(renameKustomization)).toMatchObject({
    metadata: { name: "opencode-flux-renamed" },
    spec: {
      commonMetadata: { labels: { "app.kubernetes.io/name": "opencode-flux-renamed" } },
      postBuild: { substitute: { APP: "opencode-flux-renamed", VOLSYNC_CAPACITY: "5Gi" } },
    },
  });
});
