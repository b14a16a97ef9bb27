import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import type { Cluster, ClusterNode } from "../cluster/index.ts";
import { inValues } from "../diagnosis/index.ts";
import { cutPower } from "../volumes/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** A workspace whose node was lost, as it was until then. */
export interface LostWorkspace {
  workspace: DeployedWorkspace;
  /** The pod that went down with the node. */
  pod: V1Pod;
  /** Names of the PersistentVolumes that it had. */
  volumes: string[];
}

/** A node that has died, and the workspaces that were on it. */
export interface LostNode {
  cluster: Cluster;
  node: ClusterNode;
  /** When: milliseconds since 1970. */
  at: number;
  workspaces: LostWorkspace[];
}

/** The node on which the workspace runs. Throws for the control plane, which a world cannot lose. */
export async function nodeOf(workspace: DeployedWorkspace): Promise<ClusterNode> {
  const pod = await workspace.readyPod();
  const node = workspace.cluster.node(pod.spec?.nodeName ?? "");
  if (node.role !== "server") return node;
  throw new HarnessError(`${workspace.name} runs on ${node.name}, the control plane, not on a worker`, {
    code: "failed",
    remedy: "pin it to no node, and let it tolerate no taint of the control plane (pitfall 6)",
    look: [inValues(workspace.name, "defaultPodOptions")],
  });
}

/** Cuts the node's power: not a word to anybody, and its disks are as they were in that moment. */
export async function loseNode(
  cluster: Cluster,
  node: ClusterNode,
  workspaces: readonly DeployedWorkspace[],
): Promise<LostNode> {
  const running = await Promise.all(
    workspaces.map(async (workspace) => {
      const pod = await workspace.readyPod();
      return { workspace, pod, volumes: await volumesOf(cluster, pod) };
    }),
  );
  const here = running.filter(({ pod }) => pod.spec?.nodeName === node.name);
  await cutPower(
    cluster,
    node,
    here.flatMap(({ volumes }) => volumes),
  );
  return { cluster, node, at: Date.now(), workspaces: here };
}

/** The volumes behind every claim of the pod. */
async function volumesOf(cluster: Cluster, pod: V1Pod): Promise<string[]> {
  const { namespace } = pod.metadata ?? {};
  const claims = await Promise.all(
    (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
      const name = persistentVolumeClaim?.claimName;
      return name
        ? [
            cluster.objects.find({
              apiVersion: "v1",
              kind: "PersistentVolumeClaim",
              namespace: namespace ?? "",
              name,
            }),
          ]
        : [];
    }),
  );
  const volumes = claims.map((claim) => (claim as V1PersistentVolumeClaim | undefined)?.spec?.volumeName);
  return [...new Set(volumes)].filter((volume): volume is string => volume !== undefined);
}
