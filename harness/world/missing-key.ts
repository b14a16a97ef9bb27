import { HarnessError } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";

/** An Event of Kubernetes, as far as it is read here. */
export interface ToldEvent {
  metadata?: { uid?: string };
  reason?: string;
  message?: string;
  count?: number;
  involvedObject?: { kind?: string; name?: string };
}

/** External Secrets' words for a key that its provider does not have; other troubles may pass by themselves. */
const missing = /\(key: [^)]+\), err: (Secret does not exist|could not find secret)/i;

export function isAboutMissingKey({ reason, message, involvedObject }: ToldEvent): boolean {
  return (
    involvedObject?.kind === "ExternalSecret" && reason === "UpdateFailed" && missing.test(message ?? "")
  );
}

/**
 * Watches for a key that Doppler lacks; never returns. Throws with External Secrets' own words, the key among them:
 * pods would wait for its Secret for minutes, and Helm and Flux for the pods.
 */
export async function untilKeyMissing(
  cluster: Cluster,
  { namespace, signal, timeoutMs }: { namespace: string; signal: AbortSignal; timeoutMs: number },
): Promise<never> {
  const past = new Set<string>();
  for (;;) {
    const event = await cluster.wait({
      what: "a key is missing in Doppler",
      apiVersion: "v1",
      kind: "Event",
      namespace,
      timeoutMs,
      signal,
      until: (objects) => {
        const found = (objects as ToldEvent[]).find(
          (one) => isAboutMissingKey(one) && !past.has(occurrence(one)),
        );
        return found ? { ready: found } : { waiting: "no such event" };
      },
    });
    const name = event.involvedObject?.name ?? "";
    if (!(await isSynced(cluster, namespace, name))) {
      throw new HarnessError(`ExternalSecret ${namespace}/${name}: ${event.reason}: ${event.message}`, {
        code: "failed",
      });
    }
    past.add(occurrence(event)); // the key has come since
  }
}

export function occurrence({ metadata, count = 1 }: ToldEvent): string {
  return `${metadata?.uid} ${count}`;
}

async function isSynced(cluster: Cluster, namespace: string, name: string): Promise<boolean> {
  const secret = await cluster.objects.find({
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    namespace,
    name,
  });
  if (!secret) return true; // it is gone, and its trouble with it
  const conditions = secret.status?.conditions as { type: string; status: string }[] | undefined;
  return conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
