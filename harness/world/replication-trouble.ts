import type { AnyObject, Cluster } from "../cluster/index.ts";

const kinds = ["ReplicationSource", "ReplicationDestination"];

/**
 * What VolSync says in a condition, and repeats for as long as the manifest is as it is. What may pass by itself (a Secret or a
 * claim that is on its way) must not stand here.
 */
const lasting =
  /is missing field|unsupported copyMethod|must be provided|replication method must be specified/;

interface Condition {
  reason?: string;
  message?: string;
}

/** What keeps the object from ever doing its work, in VolSync's words; undefined where nothing does. */
export function lastingTrouble({ kind, metadata, status }: AnyObject): string | undefined {
  const conditions = (status?.conditions ?? []) as Condition[];
  const told = conditions.find(({ reason, message = "" }) => reason === "Error" && lasting.test(message));
  return told && `${kind} ${metadata?.namespace}/${metadata?.name}: ${told.message}`;
}

/** Watches what VolSync says in this namespace; never returns. Throws what does not pass by itself. */
export function untilReplicationTrouble(
  cluster: Cluster,
  { namespace, signal, timeoutMs }: { namespace: string; signal: AbortSignal; timeoutMs: number },
): Promise<never>[] {
  return kinds.map((kind) =>
    cluster.wait<never>({
      what: `each ${kind} of ${namespace} can do its work`,
      apiVersion: "volsync.backube/v1alpha1",
      kind,
      namespace,
      timeoutMs,
      signal,
      until: (objects) => {
        const stuck = objects.map(lastingTrouble).find((trouble) => trouble !== undefined);
        return stuck ? { stuck } : { waiting: "VolSync complains of none" };
      },
    }),
  );
}
