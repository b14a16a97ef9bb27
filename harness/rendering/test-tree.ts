import { Tree } from "../gitops/index.ts";
import { entryOf } from "./entry-of.ts";
import type { RenderOptions } from "./render-options.ts";
import { renderTree } from "./render-tree.ts";
import type { KubeObject, RenderedTree } from "./rendered-tree.ts";
import { inBareHome } from "./test-home.ts";

/** A home with one app: its ks.yaml applies `kubernetes/apps/garden/app`. For tests. */
export function homeWith(files: Record<string, string>, ks: Record<string, unknown> = {}): Tree {
  const kustomization = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "garden", namespace: "flux-system" },
    spec: {
      path: "./kubernetes/apps/garden/app",
      sourceRef: { kind: "GitRepository", name: "home-kubernetes" },
      targetNamespace: "garden",
      ...ks,
    },
  };
  const app = Object.entries(files).map(([path, text]): [string, string] => [
    path.startsWith("kubernetes/") ? path : `kubernetes/apps/garden/app/${path}`,
    text,
  ]);
  return inBareHome(
    Tree.of([
      ["kubernetes/apps/garden/kustomization.yaml", "resources: [./ks.yaml]\n"],
      ["kubernetes/apps/garden/ks.yaml", JSON.stringify(kustomization)],
      ...app,
    ]),
  );
}

export const rendered = (tree: Tree, options: Partial<RenderOptions> = {}): Promise<RenderedTree> =>
  renderTree(tree, { entry: entryOf(tree), ...options });

/** The objects of one Kustomization. */
export function objectsOf(tree: RenderedTree, name = "garden"): KubeObject[] {
  const found = tree.kustomizations.find((kustomization) => kustomization.name === name);
  return found?.objects.map(({ object }) => object) ?? [];
}

export const configMap = (name: string, data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data.replace(/^/gm, "  ")}\n`;
