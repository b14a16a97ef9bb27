import type { ManifestPlace } from "../base/index.ts";

/** Names of workloads that the HelmReleases of the tree make: a pod's name begins with one. */
const workspaceOf = (pod: string) => /^(?:[\w-]+\/)?(opencode-(?:flux|ha))\b/.exec(pod)?.[1];

/** The container's part of the workspace's HelmRelease, by the pod's name; nothing for a pod of the platform. */
export function containerOf(pod: string, container?: string, field?: string): ManifestPlace[] {
  const workspace = workspaceOf(pod);
  if (!workspace) return [];
  const list = container === "app" ? "containers" : "initContainers";
  const steps = ["spec", "values", "controllers", workspace];
  if (container) steps.push(list, container);
  if (container && field) steps.push(field);
  return [{ kind: "HelmRelease", name: workspace, field: steps }];
}
