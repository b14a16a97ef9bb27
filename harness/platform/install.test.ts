import { expect, it } from "vitest";
import type { KubeObject } from "./component.ts";
import { allEstablished, installPlatform, type PlatformCluster } from "./install.ts";

const crd = (name: string, group: string): KubeObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name },
  spec: { group },
});
const object = (apiVersion: string, kind: string, name: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
});

it("creates custom resources and controllers after their kinds are served", async () => {
  const steps: string[] = [];
  const cluster = {
    create: async (objects: KubeObject[]) => void steps.push(...objects.map(({ kind }) => kind)),
    wait: async ({ what }: { what: string }) => void steps.push(what),
  } as unknown as PlatformCluster;
  const objects = [
    object("apps/v1", "Deployment", "controller"),
    object("example.org/v1", "Widget", "w"),
    object("v1", "Namespace", "n"),
    object("v1", "ConfigMap", "c"),
  ];
  await installPlatform(cluster, { definitions: [crd("widgets.example.org", "example.org")], objects });
  const served = steps.indexOf("the platform's kinds are served");
  expect(steps.indexOf("Namespace")).toBeLessThan(steps.indexOf("ConfigMap"));
  expect(steps.slice(served + 1).sort()).toEqual(["Deployment", "Widget"]);
  expect(steps).toHaveLength(6);
});

it("names the kinds that are not served yet", () => {
  const found = [
    { metadata: { name: "a" }, status: { conditions: [{ type: "Established", status: "True" }] } },
    { metadata: { name: "b" }, status: { conditions: [{ type: "Established", status: "False" }] } },
  ];
  expect(allEstablished(["a"], found)).toEqual({ ready: true });
  expect(allEstablished(["a", "b", "c"], found)).toEqual({ waiting: "not served yet: b, c" });
});
