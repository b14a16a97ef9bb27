import type { V1Pod } from "@kubernetes/client-node";
import { drain, uncordon } from "../nodes/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/**
 * Drains one workspace from its node with `kubectl drain --pod-selector`, and waits until it is Ready on another. The node
 * takes pods again then. Returns where it went, in words.
 */
export async function drainAway(workspace: DeployedWorkspace): Promise<string> {
  const { cluster, facts } = workspace;
  const before = await workspace.readyPod();
  const node = before.spec?.nodeName ?? "";
  const selector = Object.entries(facts.selector).map(([key, value]) => `${key}=${value}`);
  let after: V1Pod;
  try {
    await drain(cluster, node, selector.join());
    after = await workspace.readyPod({ otherThan: before.metadata?.uid });
  } finally {
    await uncordon(cluster, node);
  }
  return `${workspace.name} went from ${node} to ${after.spec?.nodeName}`;
}
