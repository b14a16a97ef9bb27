import type { V1Node } from "@kubernetes/client-node";
import { HarnessError, outlastMs } from "../base/index.ts";
import type { ObjectClient } from "./object-client.ts";
import type { Wait } from "./wait.ts";

/** Conditions under which the kubelet evicts pods, and the scheduler gives the node no new ones. */
const remedies: Record<string, string> = {
  DiskPressure: "make room on the disk where the container engine keeps its data",
  MemoryPressure: "end what takes this machine's memory, or run one cluster at a time (--clusters 1)",
  PIDPressure: "end what has so many processes on this machine, or raise its limit (kernel.pid_max)",
};

const nodes = { apiVersion: "v1", kind: "Node" };

/** The kubelet takes it back once it has made room, and no pod may have felt it. */
const lastsMs = 30_000;

/** Watches for a node that stays short of something; never returns. Throws what says so: nothing that waits there will come. */
export async function untilPressed(
  cluster: { wait: (wait: Wait<never>) => Promise<never> },
  signal: AbortSignal,
): Promise<never> {
  let found: HarnessError | undefined;
  const guard = cluster.wait({
    ...nodes,
    what: "no node is short of anything",
    timeoutMs: outlastMs,
    signal,
    until: (objects) => {
      found = amongNodes(objects as V1Node[]);
      return found ? { stuck: found.message, forMs: lastsMs } : { waiting: "none is" };
    },
  });
  return guard.catch((error: unknown) => {
    throw signal.aborted ? error : (found ?? error);
  });
}

/**
 * What says that a node is short of something, if one is: all nodes share one machine, and whatever fails then says nothing
 * about the manifests.
 */
export async function pressedNode(objects: Pick<ObjectClient, "all">): Promise<HarnessError | undefined> {
  return amongNodes((await objects.all(nodes)) as V1Node[]);
}

function amongNodes(nodes: V1Node[]): HarnessError | undefined {
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
