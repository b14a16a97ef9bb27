import type { WorkspaceFacts } from "../workspace-facts.ts";
import { askedKeys } from "./asked-keys.ts";
import type { Objects } from "./objects.ts";
import { readableSecrets } from "./readable-secrets.ts";
import { externalSecretsIn } from "./secret-keys.ts";
import { containersOf, type Workload } from "./workload.ts";

/** The ExternalSecrets whose Secrets a workload's containers get, with what they ask their store for. */
export function usedExternalSecrets(workload: Workload, objects: Objects): WorkspaceFacts["externalSecrets"] {
  const readable = containersOf(workload).flatMap((container) => readableSecrets(workload, container));
  const used = new Set(readable.map(({ secret }) => secret));
  return externalSecretsIn(workload.namespace, objects)
    .filter(({ secret }) => used.has(secret))
    .map(({ name, secret, spec }) => ({
      name,
      secret,
      store: { kind: spec.secretStoreRef?.kind ?? "", name: spec.secretStoreRef?.name ?? "" },
      ...askedKeys(spec),
    }));
}
