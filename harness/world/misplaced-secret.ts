import type { AnyObject, Cluster } from "../cluster/index.ts";
import type { EventTrouble, ToldEvent } from "./event-trouble.ts";

const missing = /secrets? "([^"]+)" not found/;

/** Name of the Secret that a pod waits for. */
export function missingSecret({ involvedObject, message }: ToldEvent): string | undefined {
  return involvedObject?.kind === "Pod" ? missing.exec(message ?? "")?.[1] : undefined;
}

/**
 * A pod waits for a Secret which External Secrets makes in another namespace. One that is on its way is waited for: most
 * pods start before theirs is there.
 */
export const misplacedSecret: EventTrouble = {
  what: "a pod waits for a Secret",
  isTold: (event) => missingSecret(event) !== undefined,
  async find(cluster, namespace, event) {
    const secret = missingSecret(event) ?? "";
    const elsewhere = await madeElsewhere(cluster, namespace, secret);
    return (
      elsewhere &&
      `pod ${namespace}/${event.involvedObject?.name} waits for secret "${secret}" not found there: ${elsewhere}`
    );
  },
};

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
