import { HarnessError, type StepSurroundings } from "../base/index.ts";
import type { OperatorShell } from "../operator/index.ts";
import { seconds } from "../workspace/index.ts";
import type { LostNode } from "./lost-node.ts";
import type { RecoveryDocument } from "./recovery-document.ts";

/**
 * Longest time from the document's first command until the dead node's volumes are free. Kubernetes collects the pods of
 * a node that is out of service every 20 s, and detaches at once.
 */
const freedWithinMs = 45_000;

/**
 * Carries out what the document says for as long as the node is off; returns when every lost workspace is Ready on
 * another node. Fails as soon as the commands can be seen to be of no use, whatever they themselves still wait for.
 */
export async function recoverBy(
  document: RecoveryDocument,
  shell: OperatorShell,
  lost: LostNode,
  { signal, progress }: StepSurroundings,
): Promise<void> {
  const startedAt = Date.now();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const freed = untilFreed(lost, { shell, document }, either);
  const carriedOut = shell.carryOut(document.path, document.whileOff, { signal: either, progress });
  try {
    await Promise.all([freed, carriedOut]);
  } finally {
    over.abort();
    await Promise.allSettled([freed, carriedOut]);
  }
  for (const { workspace, pod } of lost.workspaces) {
    const fresh = await workspace.readyPod({ otherThan: pod.metadata?.uid });
    progress.note(
      `${workspace.name} is Ready on ${fresh.spec?.nodeName}, ${seconds(Date.now() - startedAt)} after the document's first command`,
    );
  }
}

async function untilFreed(
  { cluster, node, workspaces }: LostNode,
  { shell, document }: { shell: OperatorShell; document: RecoveryDocument },
  signal: AbortSignal,
): Promise<void> {
  const volumes = workspaces.flatMap((lost) => lost.volumes);
  const waiting = cluster.wait({
    what: `the document's commands free the volumes of ${node.name}`,
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttachment",
    timeoutMs: freedWithinMs,
    signal,
    until: (attachments) => {
      const held = attachments
        .filter(({ spec }) => spec?.nodeName === node.name)
        .map(({ spec }) => spec?.source?.persistentVolumeName as string)
        .filter((volume) => volumes.includes(volume));
      return held.length === 0
        ? { ready: true }
        : { waiting: `${held.join(", ")} still attached to ${node.name}` };
    },
  });
  await waiting.catch((error: unknown) => {
    if (!(error instanceof HarnessError) || error.code !== "failed") throw error;
    throw new HarnessError(error.message, {
      code: "failed",
      details: shell.transcript,
      remedy: `${document.path} must take the dead node out of service: kubectl taint node "$NODE" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute (pitfall 6)`,
      cause: error,
    });
  });
}
