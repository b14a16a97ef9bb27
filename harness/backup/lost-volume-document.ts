import type { Tree } from "../gitops/index.ts";
import { type CommandDocument, commandDocument } from "../operator/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/**
 * Reads the tree's document for a lost volume: what a person runs for the workspace that WORKSPACE names.
 *
 * @throws HarnessError `failed` where there is none, or one without commands
 */
export function lostVolumeDocument(tree: Tree, { facts }: Pick<DeployedWorkspace, "facts">): CommandDocument {
  return commandDocument(tree, facts.volumeDocument, {
    who: "who loses a volume finds out how to get it back",
    remedy:
      "compare it with manifests/kubernetes/apps/opencode/volume-lost.md of the harness: ```sh blocks, in order, for the workspace in the variable WORKSPACE",
  });
}
