import { HarnessError } from "../base/index.ts";
import type { AnyObject, Cluster } from "../cluster/index.ts";
import { occurrence, type ToldEvent } from "./missing-key.ts";

const missing = /secrets? "([^"]+)" not found/;

/** Name of the Secret that a pod waits for. */
export function missingSecret({ involvedObject, message }: ToldEvent): string | undefined {
  return involvedObject?.kind === "Pod" ? missing.exec(message ?? "")?.[1] : undefined;
}

/**
 * Watches for a pod that waits for a Secret which External Secrets makes in another namespace; never returns. A Secret that is on its way is waited for: most pods start before theirs is there.
 */
export async function untilSecretMisplaced(
  cluster: Cluster,
  { namespace, signal, timeoutMs }: { namespace: string; signal: AbortSignal; timeoutMs: number },
): Promise<never> {
  const past = new Set<string>();
  for (;;) {
    const event = await cluster.wait({
      what: "a pod waits for a Secret",
      apiVersion: "v1",
      kind: "Event",
      namespace,
      timeoutMs,
      signal,
      until: (objects) => {
        const found = (objects as ToldEvent[]).find(
          (one) => missingSecret(one) !== undefined && !past.has(occurrence(one)),
        );
        return found ? { ready: found } : { waiting: "no such event" };
      },
    });
    const secret = missingSecret(event) ?? "";
    const elsewhere = await madeElsewhere(cluster, namespace, secret);
    if (elsewhere !== undefined) {
      throw new HarnessError(
        `pod ${namespace}/${event.involvedObject?.name} waits for secret "${secret}" not found there: ${elsewhere}`,
        { code: "failed" },
      );
    }
    past.add(occurrence(event)); // it may come yet
  }
}

/** Where the Secret is made, if not in this namespace. */
async function madeElsewhere(
  cluster: Cluster,
  namespace: string,
  secret: string,
): Promise<string | undefined> {
  const all = await cluster.objects.all({ apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" });
  const makers = all.filter(({ metadata, spec }) => (spec?.target?.name ?? metadata?.name) === secret);
  if (makers.length === 0 || makers.some(({ metadata }) => metadata?.namespace === namespace))
    return undefined;
  return `${makers.map(placeOf).join(" and ")} makes it in another namespace`;
}

const placeOf = ({ metadata }: AnyObject) => `ExternalSecret ${metadata?.namespace}/${metadata?.name}`;
