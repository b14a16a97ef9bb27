import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import type { KubeObject, RenderedTree } from "../rendered-tree.ts";
import type { WorkspaceFacts } from "../workspace-facts.ts";
import { findWorkspaces } from "./find-workspaces.ts";

type Container = Partial<V1Container>;

/** A tree with these objects, as if it were rendered. For tests. */
export function treeOf(objects: object[]): RenderedTree {
  const kustomization = { namespace: "flux-system", name: "garden" };
  const object = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization" as const,
    metadata: { name: "garden" },
    spec: { sourceRef: { kind: "GitRepository", name: "home" } },
  };
  const rendered = objects.map((one) => ({ object: one as KubeObject, by: {} }));
  return {
    kustomizations: [{ ...kustomization, object, path: "", objects: rendered }],
    releases: [],
    problems: [],
  };
}

export function deployment(
  pod: Omit<Partial<V1PodSpec>, "containers" | "initContainers"> & Pods,
  name = "garden",
) {
  const { containers, initContainers, ...rest } = pod;
  const named = (container: Container, index: number) => ({ name: `c${index}`, ...container });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "plots" },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          ...rest,
          containers: containers.map(named),
          ...(initContainers ? { initContainers: initContainers.map(named) } : {}),
        },
      },
    },
  };
}

interface Pods {
  containers: Container[];
  initContainers?: Container[];
}

/** A container that runs OpenCode. */
export const app = { name: "app", image: "dev:1", command: ["opencode", "web"] };

export function object(kind: string, name: string, fields: object) {
  return { apiVersion: "v1", kind, metadata: { name, namespace: "plots" }, ...fields };
}

/** The facts of the one workspace. */
export function factsOf(...objects: object[]): WorkspaceFacts {
  const [facts, ...others] = findWorkspaces(treeOf(objects));
  if (!facts || others.length > 0) throw new Error(`${others.length + (facts ? 1 : 0)} workspaces`);
  return facts;
}
