import { randomBytes } from "node:crypto";
import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { imageReference } from "../images/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { backupFacts } from "./backup-facts.ts";

/**
 * Runs restic over the workspace's repository, with the address and the keys that its Secret has: in a pod of its own that is
 * gone afterwards, of the image that the movers have. Returns what restic has put out.
 * @throws HarnessError `failed` with that where restic fails.
 */
export async function runRestic(
  workspace: DeployedWorkspace,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { cluster, namespace } = workspace;
  const { secret } = backupFacts(workspace);
  const name = `restic-${randomBytes(4).toString("hex")}`;
  const pod = { apiVersion: "v1", kind: "Pod", namespace, name };
  await cluster.create([podOf({ name, namespace, secret, args })]);
  try {
    const phase = await cluster.wait({
      ...pod,
      what: `restic ${args.join(" ")} of ${workspace.name} has ended`,
      timeoutMs: 60_000,
      signal,
      until: ([found]) => ended(found as V1Pod | undefined),
    });
    const output = await cluster.log({ namespace, pod: name, container: "restic" });
    if (phase === "Succeeded") return output;
    throw new HarnessError(`restic ${args.join(" ")} fails over the repository of ${workspace.name}`, {
      code: "failed",
      details: output,
      remedy: `look at Secret ${secret}: the repository's address, its password, and the keys of the object store`,
    });
  } finally {
    await cluster.objects.remove({ ...pod, gracePeriodSeconds: 0 });
  }
}

function ended(pod: V1Pod | undefined): { ready: string } | { waiting: string } {
  const phase = pod?.status?.phase ?? "not there";
  return phase === "Succeeded" || phase === "Failed" ? { ready: phase } : { waiting: phase };
}

function podOf({ name, namespace, secret, args }: PodOptions) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      containers: [
        {
          name: "restic",
          image: imageReference("volsync"),
          command: ["restic", "--no-cache", ...args],
          envFrom: [{ secretRef: { name: secret } }],
        },
      ],
    },
  };
}

interface PodOptions {
  name: string;
  namespace: string;
  secret: string;
  args: readonly string[];
}
