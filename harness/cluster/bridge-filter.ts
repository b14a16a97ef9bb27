import { HarnessError } from "../base/index.ts";
import { bridgeFilterFile, bridgeFilterRemedy } from "../engine/index.ts";
import type { ClusterNode } from "./node.ts";

/**
 * Throws where the nodes' kernel does not filter what stays on a bridge: CoreDNS would be dead for the pods beside it, and
 * everything after that a riddle. It is the engine's kernel, which may be in a virtual machine, so that a node is asked.
 */
export async function requireBridgeFilter(node: Pick<ClusterNode, "exec">): Promise<void> {
  const { output } = await node.exec(["cat", bridgeFilterFile]);
  if (output.trim() === "1") return;
  throw new HarnessError(
    "the kernel's module br_netfilter is not at work: Services, and with them DNS, would not answer pods on their own node",
    { code: "environment", remedy: bridgeFilterRemedy, details: `${bridgeFilterFile}: ${output.trim()}` },
  );
}
