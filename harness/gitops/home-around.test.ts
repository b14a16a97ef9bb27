import { join } from "node:path";
import { expect, it } from "vitest";
import { fluxStarts } from "./flux-starts.ts";
import { directoryWith } from "./test-directory.ts";
import { readTree } from "./working-tree.ts";

const ks = (name: string, path: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}, namespace: flux-system}\nspec: {path: ${path}, sourceRef: {kind: GitRepository, name: flux-system}}\n`;

const one = {
  "clusters/home/flux-system/gotk-sync.yaml": ks("flux-system", "./clusters/home"),
  "clusters/home/apps.yaml": ks("apps", "./apps/home"),
  "apps/home/kustomization.yaml": "resources: []\n",
  "docs/picture.png": "no text",
};
const two = {
  ...one,
  "clusters/work/flux-system/gotk-sync.yaml": ks("flux-system", "./clusters/work"),
};
const pathsOf = async (dir: string) => [...(await readTree(dir)).files.keys()];

it("takes of a repository in the layout of flux bootstrap all that Flux takes", async () => {
  const { "docs/picture.png": _, ...text } = one;
  expect(await pathsOf(await directoryWith(one))).toEqual(Object.keys(text).sort());
});

it("judges one of several clusters, and says how to name it", async () => {
  const dir = await directoryWith(two);
  await expect(readTree(dir)).rejects.toMatchObject({
    code: "usage",
    message: `${dir} has 2 clusters, and one is judged at a time`,
    remedy: expect.stringContaining(`${join(dir, "clusters/home")}, ${join(dir, "clusters/work")}`),
  });
  const paths = await pathsOf(join(dir, "clusters/home"));
  expect(paths).toContain("apps/home/kustomization.yaml");
  expect(paths).toContain("clusters/home/apps.yaml");
  expect(paths.join()).not.toContain("clusters/work");
});

it("starts no other cluster, also where what starts it stands beside its directory", async () => {
  const instance = (cluster: string) =>
    `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\nspec: {sync: {kind: GitRepository, path: ${cluster}/flux}}\n`;
  const files = Object.fromEntries(
    ["attic", "cellar"].flatMap((cluster) => [
      [`${cluster}/flux/apps.yaml`, ks("apps", `./${cluster}/apps`)],
      [`${cluster}/apps/flux/instance.yaml`, instance(cluster)],
    ]),
  );
  const dir = await directoryWith(files);
  for (const given of ["attic", "attic/flux"]) {
    const tree = await readTree(join(dir, given));
    expect(fluxStarts(tree).map(({ directory }) => directory)).toEqual(["attic/flux"]);
  }
});

it("takes the directory of kubernetes/ for what it is in", async () => {
  const files = {
    "kubernetes/flux/apps.yaml": ks("apps", "./kubernetes/apps"),
    "kubernetes/apps/namespace.yaml": "kind: Namespace\n",
  };
  const dir = await directoryWith(files);
  expect(await pathsOf(join(dir, "kubernetes"))).toEqual(Object.keys(files).sort());
});

it("says of a repository of Argo CD's what it is", async () => {
  const application = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: apps}\n";
  await expect(readTree(await directoryWith({ "argocd/root.yaml": application }))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/is deployed by Argo CD \(argocd\/root\.yaml\)/),
    remedy: expect.stringMatching(/Flux/),
  });
});
