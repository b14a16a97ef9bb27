import { cephBlock } from "./ceph-block.ts";
import { certManager, certManagerIssuers } from "./cert-manager.ts";
import type { Component, FidelityEntry, KeylessInputs, KubeObject, PlatformInputs } from "./component.ts";
import { envoyGateway } from "./envoy-gateway.ts";
import { externalDns } from "./external-dns.ts";
import { externalSecrets, externalSecretsStores } from "./external-secrets.ts";
import { flux } from "./flux.ts";
import { fluxAccess } from "./flux-access.ts";
import { openebs } from "./openebs.ts";
import { reloader } from "./reloader.ts";
import { snapshotController } from "./snapshots.ts";
import { volsync } from "./volsync.ts";

/** What the home cluster has before our application arrives. */
export const components: readonly Component[] = [
  flux,
  fluxAccess,
  cephBlock,
  externalSecrets,
  externalSecretsStores,
  certManager,
  certManagerIssuers,
  envoyGateway,
  reloader,
  externalDns,
  snapshotController,
  openebs,
  volsync,
];

/** How the platform differs from the home cluster's. */
export function platformLedger(inputs: KeylessInputs): FidelityEntry[] {
  return [
    ...components.flatMap((component) => component.ledger(inputs)),
    {
      part: "custom resource definitions",
      production: "as published",
      here: "the same versions, applied before Flux starts; without descriptions, without the schema of EnvoyProxy, Challenge and Order, secret stores with the four providers that are there",
      why: "the API server takes them in at every start",
      hides: "a misspelt field of an EnvoyProxy, which none of the manifests under test writes",
    },
  ];
}

/** All that is applied directly at the start, kinds' definitions apart. */
export async function bootstrapObjects(inputs: PlatformInputs): Promise<KubeObject[]> {
  const secrets = await Promise.all(components.map((component) => component.secrets?.(inputs) ?? []));
  return [...components.flatMap((component) => component.objects(inputs)), ...secrets.flat()];
}
