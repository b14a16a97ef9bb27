import type { Cluster } from "../cluster/index.ts";
import type { EventTrouble } from "./event-trouble.ts";

/**
 * External Secrets' words for a key that its provider does not have, the webhook's and Doppler's own (whose API answers
 * "Could not find requested secret"); other troubles may pass by themselves.
 */
const missing = /^error processing spec\.data.*(secret does not exist|could not find (requested )?secret)/is;

/**
 * A key that Doppler lacks, in External Secrets' own words: pods would wait for its Secret for minutes, and Helm and Flux
 * for the pods.
 */
export const missingKey: EventTrouble = {
  what: "a key is missing in Doppler",
  isTold: ({ reason, message = "", involvedObject }) =>
    involvedObject?.kind === "ExternalSecret" && reason === "UpdateFailed" && missing.test(message),
  async find(cluster, namespace, { involvedObject, reason, message }) {
    const name = involvedObject?.name ?? "";
    if (await isSynced(cluster, namespace, name)) return undefined; // the key has come since
    return `ExternalSecret ${namespace}/${name}: ${reason}: ${message}`;
  },
};

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
