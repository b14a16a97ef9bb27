import { HarnessError } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { type DeployedWorkspace, namespace } from "./deployed-workspace.ts";

const remedy =
  "one replica, and strategy: Recreate: a ReadWriteOnce volume has one node, and OpenCode's database one process (pitfall 6)";

interface AttachEvent {
  reason?: string;
  message?: string;
  involvedObject?: { name?: string };
}

/** Watches for a volume that a second node wants; never returns. Throws with Kubernetes' own words when there is one. */
export async function untilWantedTwice(cluster: Cluster, signal: AbortSignal): Promise<never> {
  const about = await cluster.wait({
    what: "a volume is wanted by two nodes",
    apiVersion: "v1",
    kind: "Event",
    namespace,
    timeoutMs: 3_600_000,
    signal,
    until: (objects) => {
      const found = (objects as AttachEvent[]).find(
        ({ reason, message }) => reason === "FailedAttachVolume" && /Multi-Attach/.test(message ?? ""),
      );
      return found ? { ready: found } : { waiting: "no such event" };
    },
  });
  throw new HarnessError(`Pod ${about.involvedObject?.name}: ${about.message}`, { code: "failed", remedy });
}

/** The workspace is one pod. */
export async function expectOnePod(workspace: DeployedWorkspace): Promise<void> {
  const pods = await workspace.pods();
  if (pods.length === 1) return;
  throw new HarnessError(
    `${workspace.name} runs as ${pods.length} pods on one volume: ${pods.map(({ metadata }) => metadata?.name).join(", ")}`,
    { code: "failed", remedy },
  );
}
