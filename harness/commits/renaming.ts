import { escapeRegExp } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import type { Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

interface FluxKustomization {
  metadata: { name: string };
  spec: { deletionPolicy?: string };
}

const renamed = (name: string) => `${name}-renamed`;
const appliedBy = "kustomize.toolkit.fluxcd.io/name";

function edit(
  { kustomization }: WorkspaceFacts,
  tree: Tree,
  change: (object: FluxKustomization) => void,
): void {
  const wanted = { kind: "Kustomization", name: kustomization.name };
  tree.editObject(wanted, (object) => change(object as unknown as FluxKustomization));
}

/** The commit before a renaming: what the Kustomization has brought stays when it goes itself. */
export function letGo(facts: WorkspaceFacts, tree: Tree): void {
  edit(facts, tree, ({ spec }) => {
    spec.deletionPolicy = "Orphan";
  });
}

/**
 * A commit that renames the workspace's Flux Kustomization, as one does in an editor. Where the name is an anchor, all that
 * refers to it goes along (`APP`, the common label). What it brings keeps the names that are written out.
 */
export function renameKustomization(facts: WorkspaceFacts, tree: Tree): void {
  const { name } = facts.kustomization;
  const anchor = new RegExp(`name: &\\w+ ${escapeRegExp(name)}$`, "m");
  const file = tree.objects("Kustomization").find(({ object }) => object.metadata?.name === name);
  const [anchored] = (file && anchor.exec(tree.text(file.path))) ?? [];
  if (file && anchored) {
    tree.replaceText(file.path, `${anchored}\n`, `${renamed(anchored)}\n`);
    return;
  }
  edit(facts, tree, ({ metadata }) => {
    metadata.name = renamed(name);
  });
}

/** An object in a Kustomization's inventory. */
export interface Brought {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** What the renamed Kustomization of the workspace has brought, by its inventory. */
export async function broughtUnderNewName({ cluster, facts }: DeployedWorkspace): Promise<Brought[]> {
  const { namespace, name } = facts.kustomization;
  const kind = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" };
  const found = await cluster.objects.find({ ...kind, namespace, name: renamed(name) });
  const entries = (found?.status?.inventory?.entries ?? []) as { id: string; v: string }[];
  return entries.map(inInventory);
}

/** Flux writes `namespace_name_group_Kind`, and the version beside it. */
export function inInventory({ id, v }: { id: string; v: string }): Brought {
  const [namespace = "", name = "", group = "", kind = ""] = id.split("_");
  const apiVersion = group ? `${group}/${v}` : v;
  return { apiVersion, kind, name, ...(namespace ? { namespace } : {}) };
}

/** Removes of these what nobody has taken over: what had the new name too, an empty claim for instance. */
export async function removeUnclaimed(
  { objects }: Cluster,
  { kustomization }: WorkspaceFacts,
  brought: readonly Brought[],
): Promise<void> {
  for (const one of brought) {
    const { metadata } = (await objects.find(one)) ?? {};
    if (metadata?.labels?.[appliedBy] === renamed(kustomization.name)) await objects.remove(one);
  }
}
