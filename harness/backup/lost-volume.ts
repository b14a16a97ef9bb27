import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { HarnessError, mark } from "../base/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { backupFacts } from "./backup-facts.ts";

/** A workspace whose claim and volume are gone. */
export interface LostVolume {
  workspace: DeployedWorkspace;
  /** uid of the pod that had it. */
  podUid: string | undefined;
  /** When: milliseconds since 1970. */
  at: number;
}

/** Deletes the workspace's claim, and with it the volume; returns when nothing is left of it. */
export async function loseVolume(workspace: DeployedWorkspace, signal: AbortSignal): Promise<LostVolume> {
  const { cluster, namespace, name } = workspace;
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespace,
    name: backupFacts(workspace).claim,
  };
  const [pod, found] = await Promise.all([workspace.readyPod(), cluster.objects.find(claim)]);
  const volume = (found as V1PersistentVolumeClaim | undefined)?.spec?.volumeName;
  if (!volume) {
    throw new HarnessError(`claim ${claim.name} of ${name} should have a volume`, { code: "failed" });
  }
  mark(`the claim and the volume of ${name} are deleted`);
  const at = Date.now();
  await cluster.objects.remove(claim);
  // Kubernetes keeps a claim for as long as a pod uses it.
  await workspace.deletePod(pod);
  await cluster.wait({
    what: `volume ${volume} of ${name} is gone`,
    apiVersion: "v1",
    kind: "PersistentVolume",
    name: volume,
    timeoutMs: 90_000,
    signal,
    until: ([left]) => (left ? { waiting: `it is ${left.status?.phase}` } : { ready: true }),
  });
  return { workspace, podUid: pod.metadata?.uid, at };
}
