import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { claim, fluxKustomization } from "../diagnosis/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** What of a workspace a commit must not touch that cannot be applied: its pod, and its claims. */
export interface WhatRuns {
  pod: string | undefined;
  /** uid of each claim, by name. */
  claims: Map<string, string>;
}

/** As it runs now. */
export async function whatRuns(workspace: DeployedWorkspace): Promise<WhatRuns> {
  const [pod, claims] = await Promise.all([workspace.readyPod(), claimsOf(workspace)]);
  return {
    pod: pod.metadata?.uid,
    claims: new Map(claims.map(({ metadata }) => [metadata?.name ?? "", metadata?.uid ?? ""])),
  };
}

/** The same pod is Ready, and no claim is another one or on its way out. */
export async function expectStillRuns(workspace: DeployedWorkspace, before: WhatRuns): Promise<void> {
  await expectClaimsStay(workspace, before);
  const pods = await workspace.pods();
  if (pods.some(({ metadata }) => metadata?.uid === before.pod && !metadata?.deletionTimestamp)) return;
  throw new HarnessError(`a commit that cannot be applied took the pod of ${workspace.name}`, {
    code: "failed",
    remedy: "let Flux leave alone what it cannot apply: no `force` in the Kustomization",
    look: [fluxKustomization(workspace.name, "force")],
  });
}

/** Every claim is the one that it was, bound, and not on its way out. */
export async function expectClaimsStay(workspace: DeployedWorkspace, before: WhatRuns): Promise<void> {
  const claims = await claimsOf(workspace);
  for (const [name, uid] of before.claims) {
    const found = claims.find(({ metadata }) => metadata?.name === name);
    const why = lossOf(found, uid);
    if (why === undefined) continue;
    throw new HarnessError(`the claim ${name} of ${workspace.name} ${why}: the work is lost with it`, {
      code: "failed",
      remedy:
        "make the claim outside of the HelmRelease, label it kustomize.toolkit.fluxcd.io/prune: disabled, and set no `force` (checklist: PVC not re-created)",
      look: [claim(workspace.name), fluxKustomization(workspace.name, "force")],
    });
  }
}

/** Undefined where nothing is lost. */
export function lossOf(found: V1PersistentVolumeClaim | undefined, uid: string): string | undefined {
  if (!found) return "is gone";
  if (found.metadata?.uid !== uid) return "was made anew";
  if (found.metadata?.deletionTimestamp) return "is deleted, and goes with its pod";
  return found.status?.phase === "Bound" ? undefined : `is ${found.status?.phase}`;
}

/** Where programs keep what they can fetch again. */
const cachePath = /(^|\/)\.?cache(\/|$)|^\/tmp(\/|$)/;

/** Whether a claim keeps what can be fetched again alone: its loss costs time, and no work. */
export function isCache({ mounts }: Pick<WorkspaceFacts["claims"][number], "mounts">): boolean {
  return mounts.length > 0 && mounts.every(({ path }) => cachePath.test(path));
}

/** The claims of the workspace that are there, but those of caches. */
export async function claimsOf({
  cluster,
  namespace,
  facts,
}: DeployedWorkspace): Promise<V1PersistentVolumeClaim[]> {
  const kind = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace };
  const claims = facts.claims.filter((one) => !isCache(one));
  const found = await Promise.all(claims.map(({ name }) => cluster.objects.find({ ...kind, name })));
  return found.filter((one) => one !== undefined) as V1PersistentVolumeClaim[];
}
