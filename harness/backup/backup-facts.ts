import { HarnessError, type ManifestPlace } from "../base/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

export const replicationSource = { apiVersion: "volsync.backube/v1alpha1", kind: "ReplicationSource" };

/** How the tree backs the workspace up. A step that asks must need `backup`. */
export function backupFacts({ name, facts }: DeployedWorkspace): NonNullable<WorkspaceFacts["backup"]> {
  if (facts.backup) return facts.backup;
  throw new HarnessError(`nothing backs ${name} up`, {
    code: "failed",
    remedy: "add templates/volsync to the workspace's kustomization",
  });
}

export const sourceField = ({ source }: { source: string }, ...field: string[]): ManifestPlace => ({
  kind: replicationSource.kind,
  name: source,
  field: ["spec", ...field],
});
