import { expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { entryOf } from "./entry-of.ts";

const kustomization = (name: string, path: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}, namespace: flux-system}\nspec: {path: ${path}, sourceRef: {kind: GitRepository, name: home}}\n`;
const namesOf = (files: [string, string][]) => entryOf(Tree.of(files)).map(({ metadata }) => metadata.name);

it("is the Kustomization that applies its own directory", () => {
  expect(
    namesOf([
      ["kubernetes/flux/config/cluster.yaml", kustomization("cluster", "./kubernetes/flux")],
      ["kubernetes/flux/apps.yaml", kustomization("cluster-apps", "./kubernetes/apps")],
      ["kubernetes/apps/garden/ks.yaml", kustomization("garden", "./kubernetes/apps/garden")],
    ]),
  ).toEqual(["cluster"]);
});

it("is what nobody else applies, where an operator applies the directory", () => {
  expect(
    namesOf([
      ["kubernetes/flux/cluster/ks.yaml", kustomization("cluster-apps", "./kubernetes/apps")],
      ["kubernetes/apps/garden/ks.yaml", kustomization("garden", "./kubernetes/apps/garden/app")],
    ]),
  ).toEqual(["cluster-apps"]);
});

it("is nothing in a tree of apps", () => {
  expect(
    namesOf([["kubernetes/apps/garden/ks.yaml", kustomization("garden", "./kubernetes/apps/garden/app")]]),
  ).toEqual([]);
});
