import type { V1Node } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import type { ObjectClient } from "./object-client.ts";

/** Conditions under which the kubelet evicts pods, and the scheduler gives the node no new ones. */
const remedies: Record<string, string> = {
  DiskPressure: "make room on the disk where the container engine keeps its data",
  MemoryPressure: "end what takes this machine's memory, or run one cluster at a time (--clusters 1)",
  PIDPressure: "end what has so many processes on this machine, or raise its limit (kernel.pid_max)",
};

/**
 * What says that a node is short of something, if one is: all nodes share one machine, and whatever fails then says nothing
 * about the manifests.
 */
export async function pressedNode(objects: Pick<ObjectClient, "all">): Promise<HarnessError | undefined> {
  const nodes = (await objects.all({ apiVersion: "v1", kind: "Node" })) as V1Node[];
  for (const { metadata, status } of nodes) {
    const found = status?.conditions?.find((one) => one.status === "True" && one.type in remedies);
    if (!found) continue;
    return new HarnessError(`node ${metadata?.name} has ${found.type}: ${found.message}`, {
      code: "environment",
      remedy: `${remedies[found.type]}, and run it again`,
    });
  }
  return undefined;
}
