import type { ManifestPlace } from "../base/index.ts";
import { inContainer, inController } from "../diagnosis/index.ts";

/** Names of workloads that the HelmReleases of the tree make: a pod's name begins with one. */
const workspaceOf = (pod: string) => /^(?:[\w-]+\/)?(opencode-(?:flux|ha))\b/.exec(pod)?.[1];

/** The container's part of the workspace's HelmRelease, by the pod's name; nothing for a pod of the platform. */
export function containerOf(pod: string, container?: string, field?: string): ManifestPlace[] {
  const workspace = workspaceOf(pod);
  if (!workspace) return [];
  if (!container) return [inController(workspace)];
  return [inContainer(workspace, container, ...(field ? [field] : []))];
}
