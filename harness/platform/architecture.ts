import { cephBlock } from "./ceph-block.ts";
import { certManager, certManagerIssuers } from "./cert-manager.ts";
import { clusterSettings } from "./cluster-apps.ts";
import type { Component, FidelityEntry, PlatformInputs } from "./component.ts";
import { envoyGateway } from "./envoy-gateway.ts";
import { envoyInternal } from "./envoy-internal.ts";
import { externalDns } from "./external-dns.ts";
import { externalSecrets, externalSecretsStores } from "./external-secrets.ts";
import { flux } from "./flux.ts";
import { snapshotController } from "./snapshots.ts";
import { volsync } from "./volsync.ts";

/** What the home cluster has before our application arrives. */
export const components: readonly Component[] = [
  flux,
  clusterSettings,
  cephBlock,
  externalSecrets,
  externalSecretsStores,
  certManager,
  certManagerIssuers,
  envoyGateway,
  envoyInternal,
  externalDns,
  snapshotController,
  volsync,
];

/** How the platform differs from the home cluster's. */
export function platformLedger(inputs: PlatformInputs): FidelityEntry[] {
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
