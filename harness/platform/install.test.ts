import { expect, it, vi } from "vitest";
import { UnknownKindError } from "../cluster/index.ts";
import type { KubeObject } from "./component.ts";
import { controller } from "./controller.ts";
import { installPlatform, type PlatformCluster } from "./install.ts";

const definition = (kind: string, group: string): KubeObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${kind.toLowerCase()}s.${group}` },
  spec: { group, names: { kind }, versions: [{ name: "v1", served: true }] },
});
const object = (apiVersion: string, kind: string, name: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
});

/** Serves the kinds in `served` and notes what is created. */
function fakeCluster() {
  const created: string[] = [];
  const served = new Set<string>();
  const cluster: PlatformCluster = {
    create: async (objects) => {
      created.push(...objects.map(({ kind, metadata }) => `${kind} ${metadata?.name}`));
    },
    objects: {
      pathOf: async ({ apiVersion, kind }) => {
        if (!served.has(kind)) throw new UnknownKindError(apiVersion, kind);
        return "/there";
      },
    },
  };
  return { cluster, created, served };
}

it("creates each object as soon as its kind, and each controller as soon as its kinds, are served", async () => {
  const { cluster, created, served } = fakeCluster();
  const flux = {
    name: "kustomize-controller",
    namespace: "flux-system",
    image: "i",
    serves: ["toolkit.fluxcd.io"],
  };
  const installed = installPlatform(cluster, {
    definitions: [
      definition("Widget", "example.org"),
      definition("Kustomization", "kustomize.toolkit.fluxcd.io"),
      definition("GitRepository", "source.toolkit.fluxcd.io"),
    ],
    objects: [
      object("example.org/v1", "Widget", "w"),
      ...controller(flux),
      object("source.toolkit.fluxcd.io/v1", "GitRepository", "g"),
      object("v1", "Namespace", "flux-system"),
    ],
  });
  await vi.waitFor(() => expect(created).toHaveLength(6));
  expect(created.filter((name) => name.startsWith("Custom"))).toEqual([
    "CustomResourceDefinition kustomizations.kustomize.toolkit.fluxcd.io",
    "CustomResourceDefinition gitrepositorys.source.toolkit.fluxcd.io",
    "CustomResourceDefinition widgets.example.org",
  ]);
  served.add("GitRepository");
  await vi.waitFor(() => expect(created).toContain("GitRepository g"));
  expect(created).not.toContain("Deployment kustomize-controller");
  served.add("Kustomization");
  await vi.waitFor(() => expect(created).toContain("Deployment kustomize-controller"));
  expect(created).not.toContain("Widget w");
  served.add("Widget");
  await installed;
  expect(created).toContain("Widget w");
});

it("does not take another error for a kind that is still to come", async () => {
  const { cluster } = fakeCluster();
  cluster.objects.pathOf = () => Promise.reject(new Error("the API server is gone"));
  const installed = installPlatform(cluster, {
    definitions: [definition("Widget", "example.org")],
    objects: [],
  });
  await expect(installed).rejects.toThrow("the API server is gone");
});
