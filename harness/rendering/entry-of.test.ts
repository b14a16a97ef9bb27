import { expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { entryOf } from "./entry-of.ts";

const kustomization = (name: string, spec: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}, namespace: flux-system}\nspec: ${spec}\n`;

it("is where Flux starts, without what is no Kustomization that Flux could read", () => {
  const tree = Tree.of([
    [
      "kubernetes/flux/cluster.yaml",
      kustomization("cluster", "{path: ./kubernetes/flux, sourceRef: {kind: GitRepository, name: home}}"),
    ],
    ["kubernetes/flux/broken.yaml", kustomization("broken", "{path: ./kubernetes/flux}")],
  ]);
  expect(entryOf(tree).map(({ metadata }) => metadata.name)).toEqual(["cluster"]);
});
