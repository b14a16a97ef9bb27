import { describe, expect, it } from "vitest";
import { fluxStarts } from "./flux-starts.ts";
import { Tree } from "./tree.ts";
import { isWholeHome } from "./whole-home.ts";

const ks = (name: string, path: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}, namespace: flux-system}\nspec: {path: ${path}, sourceRef: {kind: GitRepository, name: flux-system}}\n`;

function starts(files: [string, string][]): string[] {
  const tree = Tree.of(files);
  const found = fluxStarts(tree);
  expect(isWholeHome(tree)).toBe(found.length > 0);
  return found.map(({ directory, object }) => `${object.metadata?.name} in ${directory || "."}`);
}

describe("where Flux starts", () => {
  it("is the Kustomization of kubernetes/flux that applies its own directory", () => {
    expect(
      starts([
        ["kubernetes/flux/config/cluster.yaml", ks("cluster", "./kubernetes/flux")],
        ["kubernetes/flux/apps.yaml", ks("cluster-apps", "./kubernetes/apps")],
        ["kubernetes/apps/garden/ks.yaml", ks("garden", "./kubernetes/apps/garden")],
      ]),
    ).toEqual(["cluster in kubernetes/flux"]);
  });

  it("is what flux bootstrap has made, wherever that is", () => {
    expect(
      starts([
        ["clusters/home/flux-system/gotk-sync.yaml", ks("flux-system", "./clusters/home")],
        ["clusters/home/apps.yaml", ks("apps", "./apps/production")],
      ]),
    ).toEqual(["flux-system in clusters/home"]);
    expect(
      starts([
        ["flux-system/gotk-sync.yaml", ks("flux-system", "./")],
        ["apps/garden/ks.yaml", ks("garden", "./apps/garden/app")],
      ]),
    ).toEqual(["flux-system in ."]);
  });

  it("is what flux-operator makes of a FluxInstance, or of the values of its chart", () => {
    const sync = "{kind: GitRepository, url: 'https://github.com/me/home', path: kubernetes/cluster}";
    const instance = `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\nspec: {sync: ${sync}}\n`;
    const entry = "flux-system in kubernetes/cluster";
    const cluster: [string, string] = ["kubernetes/cluster/ks.yaml", ks("cluster-apps", "./kubernetes/apps")];
    expect(starts([cluster, ["kubernetes/apps/flux/instance.yaml", instance]])).toEqual([entry]);
    const values = `instance:\n  sync: ${sync}\n`;
    expect(starts([cluster, ["kubernetes/apps/flux/helm-values.yaml", values]])).toEqual([entry]);
    const release = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: flux-instance}\nspec: {values: {instance: {sync: ${sync}}}}\n`;
    expect(starts([cluster, ["kubernetes/apps/flux/helmrelease.yaml", release]])).toEqual([entry]);
  });

  it("is each cluster that the path of a FluxInstance can mean", () => {
    const sync = `{kind: GitRepository, path: './clusters/\${CLUSTER}'}`;
    const instance = `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\nspec: {sync: ${sync}}\n`;
    const clusters: [string, string][] = [
      ["clusters/attic/ks.yaml", ks("cluster-apps", "./apps/attic")],
      ["clusters/cellar/ks.yaml", ks("cluster-apps", "./apps/cellar")],
    ];
    expect(starts([...clusters, ["apps/flux/instance.yaml", instance]])).toEqual([
      "flux-system in clusters/attic",
      "flux-system in clusters/cellar",
    ]);
    expect(starts([...clusters, ["clusters/cellar/instance.yaml", instance]])).toEqual([
      "flux-system in clusters/cellar",
    ]);
  });

  it("is told at once for a path of many variables", () => {
    const path = `clusters/${"a$X".repeat(40).replaceAll("X", "{X}")}`;
    const sync = `{kind: GitRepository, path: '${path}'}`;
    const instance = `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\nspec: {sync: ${sync}}\n`;
    const long = `clusters/${"a".repeat(200)}`;
    const files: [string, string][] = [
      [`${long}/ks.yaml`, ks("cluster-apps", "./apps")],
      ["apps/flux/instance.yaml", instance],
    ];
    expect(starts(files)).toEqual([`flux-system in ${long}`]);
  });

  it("is in kubernetes/flux, and in each cluster beside it", () => {
    const usual: [string, string] = ["kubernetes/flux/cluster.yaml", ks("cluster", "./kubernetes/flux")];
    const apps: [string, string] = ["kubernetes/flux/apps.yaml", ks("cluster-apps", "./kubernetes/apps")];
    const attic: [string, string] = [
      "kubernetes/clusters/attic/flux-system/gotk-sync.yaml",
      ks("flux-system", "./kubernetes/clusters/attic"),
    ];
    expect(starts([usual, apps, attic])).toEqual([
      "cluster in kubernetes/flux",
      "flux-system in kubernetes/clusters/attic",
    ]);
    const shared: [string, string] = ["kubernetes/clusters/attic/flux.yaml", ks("flux", "./kubernetes/flux")];
    expect(starts([apps, attic, shared])).toEqual(["flux-system in kubernetes/clusters/attic"]);
  });

  it("is what nobody applies of a cluster's own, where Flux was started from outside", () => {
    expect(
      starts([
        ["clusters/home/apps.yaml", ks("apps", "./apps")],
        ["apps/garden/ks.yaml", ks("garden", "./apps/garden/app")],
      ]),
    ).toEqual(["apps in clusters/home"]);
    expect(starts([["kubernetes/cluster/main/ks.yaml", ks("cluster-apps", "./kubernetes/apps")]])).toEqual([
      "cluster-apps in kubernetes/cluster/main",
    ]);
  });

  it("is what applies the directory where more stands beside those that nobody applies", () => {
    const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: garden}\n";
    const cluster: [string, string][] = [
      ["clusters/home/apps.yaml", ks("apps", "./apps")],
      ["clusters/home/more.yaml", ks("more", "./more")],
    ];
    expect(starts([...cluster, ["clusters/home/namespaces.yaml", namespace]])).toEqual([
      "flux-system in clusters/home",
    ]);
    const nested: [string, string] = ["clusters/home/own/namespaces.yaml", namespace];
    const own: [string, string] = ["clusters/home/own.yaml", ks("own", "./clusters/home/own")];
    expect(starts([...cluster, own, nested])).toHaveLength(3);
    const settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n";
    const usual: [string, string][] = [
      ["kubernetes/flux/cluster/ks.yaml", ks("cluster-apps", "./kubernetes/apps")],
      ["kubernetes/flux/cluster/settings.yaml", settings],
    ];
    expect(starts(usual)).toEqual(["flux-system in kubernetes/flux"]);
    const instance = `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: fleet}\nspec: {sync: {kind: GitRepository, path: ./kubernetes/flux/cluster}}\n`;
    expect(starts([...usual, ["kubernetes/apps/flux/instance.yaml", instance]])).toEqual([
      "fleet in kubernetes/flux",
    ]);
  });

  it("is nowhere in a tree of applications, also where one applies its own directory by mistake", () => {
    expect(starts([["kubernetes/apps/garden/ks.yaml", ks("garden", "./kubernetes/apps/garden")]])).toEqual(
      [],
    );
    expect(
      starts([["kubernetes/apps/garden/ks.yaml", ks("garden", "./kubernetes/apps/garden/app")]]),
    ).toEqual([]);
  });
});
