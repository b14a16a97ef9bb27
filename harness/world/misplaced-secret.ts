import type { AnyObject, Cluster } from "../cluster/index.ts";
import type { EventTrouble, ToldEvent } from "./event-trouble.ts";

const missing = /secrets? "([^"]+)" not found/;

/** Name of the Secret that a pod waits for. */
export function missingSecret({ involvedObject, message }: ToldEvent): string | undefined {
  return involvedObject?.kind === "Pod" ? missing.exec(message ?? "")?.[1] : undefined;
}

/**
 * A pod waits for a Secret which External Secrets makes in another namespace, or does not make at all. One that is on its
 * way is waited for: most pods start before theirs is there.
 */
export const misplacedSecret: EventTrouble = {
  what: "a pod waits for a Secret",
  isTold: (event) => missingSecret(event) !== undefined,
  async find(cluster, namespace, event) {
    const secret = missingSecret(event) ?? "";
    const elsewhere = await madeNowhereHere(cluster, namespace, secret);
    return (
      elsewhere &&
      `pod ${namespace}/${event.involvedObject?.name} waits for secret "${secret}" not found there: ${elsewhere}`
    );
  },
};

/** Why the Secret does not come into this namespace; undefined where it may. */
async function madeNowhereHere(
  cluster: Cluster,
  namespace: string,
  secret: string,
): Promise<string | undefined> {
  const all = await cluster.objects.all({ apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" });
  const makers = all.filter(({ metadata, spec }) => (spec?.target?.name ?? metadata?.name) === secret);
  const here = makers.filter(({ metadata }) => metadata?.namespace === namespace);
  if (here.length > 0 && here.every(makesNone)) {
    const [{ spec } = {}] = here;
    return `${here.map(placeOf).join(" and ")} makes none (creationPolicy: ${spec?.target?.creationPolicy})`;
  }
  if (makers.length === 0 || here.length > 0) return undefined;
  return `${makers.map(placeOf).join(" and ")} makes it in another namespace`;
}

/** It only writes into a Secret that somebody else has made, or into none. */
const makesNone = ({ spec }: AnyObject): boolean => ["Merge", "None"].includes(spec?.target?.creationPolicy);

const placeOf = ({ metadata }: AnyObject) => `ExternalSecret ${metadata?.namespace}/${metadata?.name}`;
