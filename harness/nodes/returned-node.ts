import type { V1Node, V1Pod, V1Taint } from "@kubernetes/client-node";
import { HarnessError, type StepSurroundings } from "../base/index.ts";
import { type Cluster, type ClusterNode, isReady } from "../cluster/index.ts";
import type { OperatorShell } from "../operator/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import type { LostNode } from "./lost-node.ts";
import type { RecoveryDocument } from "./recovery-document.ts";
import type { AttachEvent } from "./stuck-workspace.ts";

const outOfService = "node.kubernetes.io/out-of-service";

/** Starts the dead node again and carries out what the document says for that. The node must take pods afterwards. */
export async function returnBy(
  document: RecoveryDocument,
  shell: OperatorShell,
  { cluster, node }: LostNode,
  { signal, progress }: StepSurroundings,
): Promise<void> {
  await node.start();
  await shell.carryOut(document.path, document.whenBack, { signal, progress });
  const taints = await untilBack(cluster, node, signal);
  if (!taints.some(({ key }) => key === outOfService)) return;
  throw new HarnessError(
    `${node.name} should take pods again after the last command of the document, and still has the taint ${outOfService}`,
    {
      code: "failed",
      details: shell.transcript,
      remedy: `${document.path} must take the taint away when the node is Ready: kubectl taint node "$NODE" ${outOfService}=nodeshutdown:NoExecute- (pitfall 6)`,
    },
  );
}

/**
 * Leaves the node running, Ready and without the taint when it is disposed of, whatever has happened to it until then, and
 * no event that speaks of a trouble which is over: whoever looks at the workspaces next would take it for a new one.
 */
export function broughtBack(node: ClusterNode, workspaces: readonly DeployedWorkspace[]): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      const cluster = workspaces[0]?.cluster;
      if (!cluster) return;
      if (!(await node.isRunning())) await node.start();
      const taints = await untilBack(cluster, node);
      if (taints.some(({ key }) => key === outOfService)) {
        await cluster.kubectl("taint", "node", node.name, `${outOfService}-`);
      }
      const namespaces = new Set(workspaces.map(({ namespace }) => namespace));
      await Promise.all([...namespaces].map((namespace) => forgetRefusals(cluster, namespace)));
    },
  };
}

/** Deletes the events about volumes that were refused to pods which have them now, or are gone. */
async function forgetRefusals(cluster: Cluster, namespace: string): Promise<void> {
  const [events, pods] = await Promise.all([
    cluster.objects.all({ apiVersion: "v1", kind: "Event", namespace }),
    cluster.pods(namespace),
  ]);
  const waiting = pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata?.name);
  const settled = (events as AttachEvent[]).filter(
    ({ message = "", involvedObject }) =>
      /Multi-Attach error/.test(message) && !waiting.includes(involvedObject?.name),
  );
  await Promise.all(
    settled.map(({ metadata }) =>
      cluster.objects.remove({ apiVersion: "v1", kind: "Event", namespace, name: metadata?.name ?? "" }),
    ),
  );
}

/** Waits until the node is Ready, can mount volumes, and is no longer taken for unreachable; returns its taints. */
async function untilBack(cluster: Cluster, node: ClusterNode, signal?: AbortSignal): Promise<V1Taint[]> {
  const [taints] = await Promise.all([
    cluster.wait({
      what: `${node.name} is back`,
      apiVersion: "v1",
      kind: "Node",
      name: node.name,
      timeoutMs: 60_000,
      signal,
      until: ([found]) => {
        const { spec, status } = (found ?? {}) as V1Node;
        const ready = status?.conditions?.find(({ type }) => type === "Ready");
        const left = spec?.taints ?? [];
        const isTaken = left.some(
          ({ key }) => key === "node.kubernetes.io/unreachable" || /not-ready$/.test(key),
        );
        if (ready?.status === "True" && !isTaken) return { ready: left };
        return { waiting: `Ready is ${ready?.status}; ${left.map(({ key }) => key).join(", ")}` };
      },
    }),
    cluster.wait({
      what: `the storage's driver runs on ${node.name} again`,
      apiVersion: "v1",
      kind: "Pod",
      namespace: "rook-ceph",
      labelSelector: "app=csi-rbdplugin",
      timeoutMs: 60_000,
      signal,
      until: (pods) => {
        const here = (pods as V1Pod[]).filter(({ spec }) => spec?.nodeName === node.name);
        return here.some(isReady) ? { ready: true } : { waiting: `${here.length} pods, none is Ready` };
      },
    }),
  ]);
  return taints;
}
