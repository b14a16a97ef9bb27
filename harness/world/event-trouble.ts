import { HarnessError } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";

/** An Event of Kubernetes, as far as it is read here. */
export interface ToldEvent {
  metadata?: { uid?: string };
  reason?: string;
  message?: string;
  count?: number;
  involvedObject?: { kind?: string; name?: string; fieldPath?: string };
}

/** A trouble that an event tells, and for whose end nobody need wait. */
export interface EventTrouble {
  /** What is watched for, e.g. "a key is missing in Doppler". */
  what: string;
  isTold(event: ToldEvent): boolean;
  /** What is wrong, for the message; undefined where it has passed, or may pass yet. */
  find(cluster: Cluster, namespace: string, event: ToldEvent): Promise<string | undefined>;
}

export interface TroubleWatch {
  namespace: string;
  signal: AbortSignal;
  timeoutMs: number;
}

/** Watches the namespace's events for the trouble; never returns. Throws what is wrong. */
export async function untilTrouble(
  cluster: Cluster,
  trouble: EventTrouble,
  { namespace, signal, timeoutMs }: TroubleWatch,
): Promise<never> {
  const past = new Set<string>();
  for (;;) {
    const event = await cluster.wait({
      what: trouble.what,
      apiVersion: "v1",
      kind: "Event",
      namespace,
      timeoutMs,
      signal,
      until: (objects) => {
        const found = (objects as ToldEvent[]).find(
          (one) => trouble.isTold(one) && !past.has(occurrence(one)),
        );
        return found ? { ready: found } : { waiting: "no such event" };
      },
    });
    const message = await trouble.find(cluster, namespace, event);
    if (message !== undefined) throw new HarnessError(message, { code: "failed" });
    past.add(occurrence(event));
  }
}

/** Kubernetes counts an event up when it happens again. */
function occurrence({ metadata, count = 1 }: ToldEvent): string {
  return `${metadata?.uid} ${count}`;
}
