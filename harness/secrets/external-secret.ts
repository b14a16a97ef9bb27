import { HarnessError } from "../base/index.ts";
import type { AnyObject } from "../cluster/index.ts";
import { externalSecret } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** Kind of the objects that External Secrets makes Secrets of. */
export const externalSecretKind = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" };

/** What makes a Secret of the workspace, by its name; and that Secret's. */
export interface SecretMaker {
  name: string;
  secret: string;
  /** Keys of Doppler's that it asks for by name. */
  keys: string[];
}

/**
 * The ExternalSecret whose Secret the workspace cannot do without: of several that of the password, by which a change is seen,
 * or of the login, else the one with the most keys. A token is for the next clone alone.
 */
export function makerOf({ name, facts }: DeployedWorkspace): SecretMaker {
  const wanted = [facts.password?.source?.secret, facts.login?.source?.secret];
  const rank = ({ secret }: SecretMaker) =>
    wanted.includes(secret) ? wanted.indexOf(secret) : wanted.length;
  const [first] = facts.externalSecrets.toSorted(
    (a, b) => rank(a) - rank(b) || b.keys.length - a.keys.length,
  );
  if (first) return first;
  throw new HarnessError(`no ExternalSecret makes a Secret for ${name}`, {
    code: "failed",
    remedy:
      "take the secrets from Doppler with an ExternalSecret in the workspace's namespace (pitfalls 5 and 7)",
    look: [externalSecret(name)],
  });
}

/** External Secrets' own word on whether the Secret is as Doppler has it. */
export interface Synced {
  isReady: boolean;
  /** For instance `SecretSyncedError: could not get secret data from provider`. */
  said: string;
  /** When it last fetched all of it: milliseconds since 1970, 0 for never. */
  refreshedAt: number;
}

export function syncedOf({ status }: AnyObject): Synced {
  const conditions = (status?.conditions ?? []) as Record<string, string>[];
  const ready = conditions.find(({ type }) => type === "Ready");
  return {
    isReady: ready?.status === "True" && ready.reason === "SecretSynced",
    said: ready ? `${ready.reason}: ${ready.message}` : "nothing yet",
    refreshedAt: Date.parse(String(status?.refreshTime ?? "")) || 0,
  };
}

/** Waits until the workspace's ExternalSecret is as wanted; what it said last stands in the error. */
export function untilSynced(
  workspace: DeployedWorkspace,
  what: string,
  isWanted: (synced: Synced, object: AnyObject) => boolean,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<Synced> {
  const { cluster, namespace } = workspace;
  const { name } = makerOf(workspace);
  return cluster.wait({
    what,
    ...externalSecretKind,
    namespace,
    name,
    signal,
    timeoutMs,
    until: ([object]) => {
      if (!object) return { waiting: "there is no such ExternalSecret" };
      const synced = syncedOf(object);
      return isWanted(synced, object) ? { ready: synced } : { waiting: `it says ${synced.said}` };
    },
  });
}
