import type { ManifestPlace } from "../base/index.ts";
import { factsOf, inContainer, inController } from "../diagnosis/index.ts";

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

/** With which a script shows all that it does, or all that it has. */
const showsAll = ["set -x", "set -eux", "set -ex", "set -xe", "GIT_TRACE", "GIT_CURL_VERBOSE", "printenv"];

/** Where a container writes what its log shows: what tells all, or else what reads a Secret that it holds. */
export function whatShows(pod: string, container: string): ManifestPlace[] {
  const held = factsOf(workspaceOf(pod))?.held.filter((one) => one.container === container) ?? [];
  const paths = held.flatMap(({ path }) => path ?? []);
  return containerOf(pod, container).map((place) => ({ ...place, words: [...showsAll, ...paths] }));
}
