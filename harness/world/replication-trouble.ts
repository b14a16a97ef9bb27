import type { AnyObject, Cluster } from "../cluster/index.ts";

const kinds = ["ReplicationSource", "ReplicationDestination"];

/**
 * What VolSync says in a condition, and repeats for as long as the manifest is as it is. What may pass by itself (a Secret or a
 * claim that is on its way) must not stand here.
 */
const lasting =
  /is missing field|unsupported copyMethod|must be provided|replication method must be specified/;

/**
 * What restic says of a repository that it will never open, however often VolSync tries again. One that was made and is not
 * found lies in the mover's own container: its address has no scheme.
 */
const lastingOfMover =
  /config or key \w+ is damaged|wrong password or no key found|config file already exists|Access Key Id you provided does not exist|signature we calculated does not match|Access Denied/;

interface Condition {
  reason?: string;
  message?: string;
}

interface MoverStatus {
  result?: string;
  logs?: string;
}

/**
 * What keeps the object from ever doing its work, in VolSync's words; undefined where nothing does. What the last mover said
 * stands until another one has ended: `isOfBefore` says that it is of an earlier manifest.
 */
export function lastingTrouble(
  { kind, metadata, status }: AnyObject,
  isOfBefore = false,
): string | undefined {
  const conditions = (status?.conditions ?? []) as Condition[];
  const told = conditions.find(({ reason, message = "" }) => reason === "Error" && lasting.test(message));
  const name = `${kind} ${metadata?.namespace}/${metadata?.name}`;
  if (told) return `${name}: ${told.message}`;
  const { result, logs = "" } = (isOfBefore ? {} : (status?.latestMoverStatus ?? {})) as MoverStatus;
  const words = result === "Failed" ? lastingOfMover.exec(logs)?.[0] : undefined;
  return words && `${name}: its mover failed: ${words}`;
}

/** Watches what VolSync says in this namespace; never returns. Throws what does not pass by itself. */
export function untilReplicationTrouble(
  cluster: Cluster,
  { namespace, signal, timeoutMs }: { namespace: string; signal: AbortSignal; timeoutMs: number },
): Promise<never>[] {
  return kinds.map((kind) => {
    let before: Set<string> | undefined;
    return cluster.wait<never>({
      what: `each ${kind} of ${namespace} can do its work`,
      apiVersion: "volsync.backube/v1alpha1",
      kind,
      namespace,
      timeoutMs,
      signal,
      until: (objects) => {
        before ??= new Set(objects.map(moverOf));
        const troubles = objects.map((object) => lastingTrouble(object, before?.has(moverOf(object))));
        const stuck = troubles.find((trouble) => trouble !== undefined);
        return stuck ? { stuck } : { waiting: "VolSync complains of none" };
      },
    });
  });
}

const moverOf = ({ metadata, status }: AnyObject): string =>
  `${metadata?.uid} ${JSON.stringify(status?.latestMoverStatus)}`;
