import { certificateSecrets, type Tree } from "../gitops/index.ts";
import { imageReference, type PreparedImages } from "../images/index.ts";
import type { PlatformInputs, StoreKind } from "../platform/index.ts";
import type { Credentials } from "./credentials.ts";

/** SECRET_DOMAIN of the home cluster. */
export const domain = "angryninja.cloud";

/** What the platform is told about this run. */
export function platformInputs(
  store: StoreKind,
  { tree, images, credentials }: { tree: Tree; images: PreparedImages; credentials: Credentials },
): PlatformInputs {
  const prepared = (name: string) =>
    images.components.find((component) => component.name === name)?.reference ?? "";
  return {
    store,
    domain,
    authority: images.authority,
    gitToken: credentials.gitToken,
    dopplerToken: credentials.dopplerToken,
    gatewayCertificates: certificateSecrets(tree),
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
      csiSnapshotter: imageReference("csi-snapshotter"),
      csiResizer: imageReference("csi-resizer"),
      snapshotController: imageReference("snapshot-controller"),
      externalDns: imageReference("external-dns"),
      fixtures: prepared("fixtures"),
    },
  };
}
