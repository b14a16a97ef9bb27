import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError, messageOf, outlastMs } from "../base/index.ts";
import { type Cluster, stuckAmong } from "../cluster/index.ts";
import {
  type FluxEntry,
  type FluxName,
  type GitRemote,
  publish,
  reconcile,
  type Tree,
  untilApplied,
} from "../gitops/index.ts";
import { untilTrouble } from "./event-trouble.ts";
import { misplacedSecret } from "./misplaced-secret.ts";
import { missingKey } from "./missing-key.ts";
import { untilReplicationTrouble } from "./replication-trouble.ts";
import { toldTrouble } from "./told-troubles.ts";

/** Where the tree under test is pushed to, and the cluster whose Flux reads it there. */
export interface TreeTarget {
  cluster: Cluster;
  remote: GitRemote;
  /** The GitRepository that reads it there. */
  source: FluxName;
}

/** Pushes the tree and asks Flux to look at once. Returns the revision that Flux must report. */
export async function publishTree({ cluster, remote, source }: TreeTarget, tree: Tree): Promise<string> {
  const revision = await publish(tree, remote);
  await reconcile(cluster.objects, [{ kind: "GitRepository", ...source }]);
  return revision;
}

export interface UntilTreeApplied {
  revision: string;
  entry: FluxEntry;
  /** Where the tree's workspaces are. */
  namespaces: readonly string[];
  signal?: AbortSignal | undefined;
  /** What the pods of the tree say of themselves, asked once when one of them cannot start. */
  diagnosePods: () => Promise<string>;
}

/**
 * Waits until Flux has this tree, every child Kustomization and every HelmRelease included. A pod that keeps failing and
 * a key or Secret that cannot come end the wait at once: Helm would wait for minutes, and then say only that it waited.
 */
export async function untilTreeApplied(cluster: Cluster, options: UntilTreeApplied): Promise<string> {
  const { revision, entry, namespaces, diagnosePods } = options;
  const over = new AbortController();
  const signal = options.signal ? AbortSignal.any([over.signal, options.signal]) : over.signal;
  const timeoutMs = 240_000;
  const stuckPods = namespaces.map((namespace) =>
    cluster.wait<never>({
      what: `the pods of ${namespace} start`,
      apiVersion: "v1",
      kind: "Pod",
      namespace,
      timeoutMs: outlastMs,
      signal,
      until: (pods) => {
        return stuckAmong(pods as V1Pod[]) ?? { waiting: "no pod fails" };
      },
      diagnose: diagnosePods,
    }),
  );
  const troubles = namespaces.flatMap((namespace) => {
    const watch = { namespace, signal, timeoutMs: outlastMs };
    const told = [missingKey, misplacedSecret, toldTrouble].map((trouble) =>
      untilTrouble(cluster, trouble, watch),
    );
    return [...told, ...untilReplicationTrouble(cluster, watch)];
  });
  try {
    return await Promise.race([
      withDetails(untilApplied(cluster, { revision, entry, timeoutMs, signal }), diagnosePods),
      ...stuckPods,
      ...troubles.map((trouble) => withDetails(trouble, diagnosePods)),
    ]);
  } finally {
    over.abort();
    await Promise.allSettled([...stuckPods, ...troubles]);
  }
}

/** Flux says which release it waits for; why that does not come is known to its pods and their events. */
async function withDetails<T>(work: Promise<T>, diagnosePods: () => Promise<string>): Promise<T> {
  return work.catch(async (error: unknown) => {
    if (!(error instanceof HarnessError) || error.code !== "failed") throw error;
    const { message, remedy, look, cause } = error;
    const pods = await diagnosePods().catch((trouble) => `no diagnosis of the pods: ${messageOf(trouble)}`);
    throw new HarnessError(message, {
      code: "failed",
      cause,
      details: [error.details, pods].filter(Boolean).join("\n"),
      ...(remedy ? { remedy } : {}),
      ...(look ? { look } : {}),
    });
  });
}
