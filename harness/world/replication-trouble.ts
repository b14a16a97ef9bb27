import type { AnyObject, Cluster } from "../cluster/index.ts";

const kinds = ["ReplicationSource", "ReplicationDestination"];

/**
 * What VolSync says in a condition, and repeats for as long as the manifest is as it is. What may pass by itself (a Secret or a
 * claim that is on its way) must not stand here.
 */
const lasting =
  /is missing field|unsupported copyMethod|must be provided|replication method must be specified/;

/** What restic says of a repository that it will never open, whoever tries again. */
const lastingOfMover = /config or key \w+ is damaged|wrong password or no key found/;

interface Condition {
  reason?: string;
  message?: string;
}

interface MoverStatus {
  result?: string;
  logs?: string;
}

/** What keeps the object from ever doing its work, in VolSync's words; undefined where nothing does. */
export function lastingTrouble({ kind, metadata, status }: AnyObject): string | undefined {
  const conditions = (status?.conditions ?? []) as Condition[];
  const told = conditions.find(({ reason, message = "" }) => reason === "Error" && lasting.test(message));
  const name = `${kind} ${metadata?.namespace}/${metadata?.name}`;
  if (told) return `${name}: ${told.message}`;
  const { result, logs = "" } = (status?.latestMoverStatus ?? {}) as MoverStatus;
  const words = result === "Failed" ? lastingOfMover.exec(logs)?.[0] : undefined;
  return words && `${name}: its mover failed: ${words}`;
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
