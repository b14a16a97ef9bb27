import {
  ageSecretsOf,
  externalDnsOf,
  gatewayDeployOf,
  type Home,
  type ReplacementRules,
  sourceOf,
  usedSources,
} from "../home/index.ts";
import { imageReference, type PreparedImages } from "../images/index.ts";
import {
  homeAdaptations,
  idleKinds,
  type KeylessInputs,
  type StoreKind,
  servedGroups,
} from "../platform/index.ts";
import type { Credentials } from "./credentials.ts";

/** What the platform is told about this run. */
export function platformInputs(
  store: StoreKind,
  parts: { home: Home; images: PreparedImages; credentials: Credentials },
): KeylessInputs {
  const { home, images, credentials } = parts;
  const prepared = (name: string) =>
    images.components.find((component) => component.name === name)?.reference ?? "";
  return {
    store,
    gitToken: credentials.gitToken,
    gitSecrets: [sourceOf(home.rendered).secret],
    dopplerToken: credentials.dopplerToken,
    ageIdentity: credentials.age.identity,
    ageSecrets: ageSecretsOf(home.rendered),
    gateways: home.needs.gateways.map((gateway) => {
      const [namespace = "", name = ""] = gateway.split("/");
      return { namespace, name };
    }),
    gatewayDeploy: gatewayDeployOf(home.rendered),
    externalDns: externalDnsOf(home.rendered),
    images: {
      sourceController: imageReference("source-controller"),
      kustomizeController: imageReference("kustomize-controller"),
      helmController: imageReference("helm-controller"),
      externalSecrets: imageReference("external-secrets"),
      certManager: imageReference("cert-manager"),
      envoyGateway: imageReference("envoy-gateway"),
      envoy: imageReference("envoy"),
      csiProvisioner: imageReference("csi-provisioner"),
      csiAttacher: imageReference("csi-attacher"),
      reloader: imageReference("reloader"),
      csiSnapshotter: imageReference("csi-snapshotter"),
      csiResizer: imageReference("csi-resizer"),
      snapshotController: imageReference("snapshot-controller"),
      externalDns: imageReference("external-dns"),
      volsync: imageReference("volsync"),
      fixtures: prepared("fixtures"),
    },
  };
}

/** How the parts of the home are applied here. */
export function replacementRules(home: Home, inputs: KeylessInputs): ReplacementRules {
  return {
    served: servedGroups,
    idle: idleKinds,
    adaptations: homeAdaptations(inputs),
    gateways: home.needs.gateways,
    sources: usedSources(home.needs, sourceOf(home.rendered)),
  };
}
