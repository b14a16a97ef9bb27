import { hasOwnerEnded, ownerOf } from "./owner.ts";
import { cacheId } from "./paths.ts";

/** Docker labels of everything that a run starts; `removeLeftovers` goes by them. */
export const labelNames = {
  marker: "opencode-harness",
  run: "opencode-harness.run",
  owner: "opencode-harness.owner",
  /** Whose it is to remove: the cache of the command that made it. */
  cache: "opencode-harness.cache",
  /** On nodes: the volume that their directories are in beside those of other runs. */
  store: "opencode-harness.store",
} as const;

/** Labels for containers, networks and volumes of a run; the owner is this very process. */
export function labelsOf(runId: string): Record<string, string> {
  return {
    [labelNames.marker]: "true",
    [labelNames.run]: runId,
    [labelNames.owner]: ownerOf(process.pid),
    [labelNames.cache]: cacheId(),
  };
}

/** The network of the run's nodes and stand-ins. */
export const networkNameOf = (runId: string) => `opencode-harness-${runId}`;

/** The volume that stands for the run's Ceph pool. */
export const poolVolumeOf = (runId: string) => `opencode-harness-${runId}-pool`;

/** Whether this cache made what bears the labels: what others made on the same engine is theirs. */
export function isOfThisCache(labels: Record<string, string>): boolean {
  return labels[labelNames.cache] === cacheId();
}

/** Whether what bears the labels was left behind: this cache made it, and the process that did has ended. */
export function isLeft(labels: Record<string, string>): boolean {
  return isOfThisCache(labels) && hasOwnerEnded(labels[labelNames.owner] ?? "");
}
