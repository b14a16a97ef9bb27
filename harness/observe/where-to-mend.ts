import type { ManifestPlace } from "../base/index.ts";
import { inContainer, inController } from "../diagnosis/index.ts";

/** The workload that a pod's name begins with: without the hashes of its ReplicaSet and its own, or its ordinal. */
const workspaceOf = (pod: string) =>
  /^(?:[\w-]+\/)?([\w-]+?)(?:-[a-f0-9]{6,10})?-(?:[a-z0-9]{5}|\d+)$/.exec(pod)?.[1];

/** The container's part of the workspace's HelmRelease, by the pod's name; nothing for a pod of the platform. */
export function containerOf(pod: string, container?: string, field?: string): ManifestPlace[] {
  const workspace = workspaceOf(pod);
  if (!workspace) return [];
  if (!container) return [inController(workspace)];
  return [inContainer(workspace, container, ...(field ? [field] : []))];
}
