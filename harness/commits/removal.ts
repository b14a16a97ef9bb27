import { basename, dirname } from "node:path/posix";
import { escapeRegExp, HarnessError } from "../base/index.ts";
import type { AnyObject, Cluster } from "../cluster/index.ts";
import type { Tree } from "../gitops/index.ts";
import { isFluxKustomization, type KubeObject, type WorkspaceFacts } from "../rendering/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { expectClaimsStay, type WhatRuns } from "./what-runs.ts";

/** Where the applications of a home lie. */
const apps = "kubernetes/apps";
const goneWithinMs = 90_000;

/**
 * A commit that removes the workspaces from Git, as one does: their folder goes, with the namespace's manifest and the
 * Kustomizations in it, and with the line of a kustomization.yaml above that names it.
 */
export function removeFromGit(workspaces: readonly WorkspaceFacts[], tree: Tree): void {
  for (const folder of foldersOf(workspaces, tree)) {
    for (const path of tree.files.keys()) if (path.startsWith(`${folder}/`)) tree.remove(path);
    const above = `${dirname(folder)}/kustomization.yaml`;
    const line = new RegExp(`^ *- (\\./)?${escapeRegExp(basename(folder))}/?\\n`, "m");
    const [found] = (tree.files.has(above) && line.exec(tree.text(above))) || [];
    if (found) tree.replaceText(above, found, "");
  }
}

/** The folder that holds the Kustomizations of the workspaces of a namespace, and the namespace's own manifest. */
function foldersOf(workspaces: readonly WorkspaceFacts[], tree: Tree): string[] {
  const byNamespace = Map.groupBy(workspaces, ({ namespace }) => namespace);
  const folders = [...byNamespace].map(([namespace, ofIt]) => {
    const names = ofIt.map(({ kustomization }) => kustomization.name);
    const paths = tree
      .objects()
      .filter(({ object }) => isMeant(object as unknown as KubeObject, namespace, names))
      .map(({ path }) => dirname(path));
    return commonFolder(paths);
  });
  const wrong = folders.find((folder) => !folder.startsWith(`${apps}/`));
  if (wrong === undefined) return [...new Set(folders)];
  throw new HarnessError(
    `the workspaces have no folder of their own below ${apps}, only ${wrong || "the root"}`,
    {
      code: "environment",
      remedy: "the harness can take away a folder of a namespace, as home clusters lay them out",
    },
  );
}

function isMeant(object: KubeObject, namespace: string, kustomizations: readonly string[]): boolean {
  const { kind, metadata } = object;
  if (kind === "Namespace") return metadata?.name === namespace;
  return isFluxKustomization(object) && kustomizations.includes(metadata?.name ?? "");
}

export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split("/"));
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return first.slice(0, end < 0 ? first.length : end).join("/");
}

/** The namespace of a workspace, for a look whether it is the same one later. */
export async function namespaceOf({ cluster, namespace }: DeployedWorkspace): Promise<string | undefined> {
  return (await findNamespace(cluster, namespace))?.metadata?.uid;
}

function findNamespace(cluster: Cluster, name: string): Promise<AnyObject | undefined> {
  return cluster.objects.find({ apiVersion: "v1", kind: "Namespace", name });
}

/** Waits until Flux has taken away the workspace's Kustomization, and with it the release and the pods. */
export async function untilRemoved(
  { cluster, name, namespace, facts }: DeployedWorkspace,
  signal: AbortSignal,
) {
  const flux = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    ...facts.kustomization,
  };
  const labelSelector = Object.entries(facts.selector).map(([key, value]) => `${key}=${value}`);
  const pods = { apiVersion: "v1", kind: "Pod", namespace, labelSelector: labelSelector.join() };
  for (const selection of [flux, pods]) {
    await cluster.wait({
      ...selection,
      what: `${selection.kind} of ${name} goes with its manifests`,
      timeoutMs: goneWithinMs,
      signal,
      until: (objects) =>
        objects.length === 0
          ? { ready: true }
          : { waiting: objects.map(({ metadata }) => metadata?.name).join(", ") },
    });
  }
}

/** Removed from Git is not lost: the namespace is the one that it was, and so are the claims with their volumes. */
export async function expectWorkStays(
  workspace: DeployedWorkspace,
  before: WhatRuns & { namespace: string | undefined },
): Promise<void> {
  const found = await findNamespace(workspace.cluster, workspace.namespace);
  const stays = found?.metadata?.uid === before.namespace && !found?.metadata?.deletionTimestamp;
  if (!stays) {
    throw new HarnessError(
      `the namespace ${workspace.namespace} is deleted when the app is removed from Git, and all work with it`,
      {
        code: "failed",
        remedy: "label the Namespace kustomize.toolkit.fluxcd.io/prune: disabled",
        look: [{ kind: "Namespace", name: workspace.namespace, field: ["metadata"] }],
      },
    );
  }
  await expectClaimsStay(workspace, before);
}
