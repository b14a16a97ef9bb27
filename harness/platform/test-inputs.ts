import type { PlatformImages, PlatformInputs } from "./component.ts";

export const testImages: PlatformImages = {
  sourceController: "ghcr.io/fluxcd/source-controller:v1",
  kustomizeController: "ghcr.io/fluxcd/kustomize-controller:v1",
  helmController: "ghcr.io/fluxcd/helm-controller:v1",
  externalSecrets: "ghcr.io/external-secrets/external-secrets:v0",
  certManager: "quay.io/jetstack/cert-manager-controller:v1",
  envoyGateway: "docker.io/envoyproxy/gateway:v1",
  envoy: "docker.io/envoyproxy/envoy:v1",
  csiProvisioner: "registry.k8s.io/sig-storage/csi-provisioner:v5",
  csiAttacher: "registry.k8s.io/sig-storage/csi-attacher:v4",
  reloader: "ghcr.io/stakater/reloader:v1",
  csiSnapshotter: "registry.k8s.io/sig-storage/csi-snapshotter:v8",
  csiResizer: "registry.k8s.io/sig-storage/csi-resizer:v2",
  snapshotController: "registry.k8s.io/sig-storage/snapshot-controller:v8",
  externalDns: "registry.k8s.io/external-dns/external-dns:v0",
  volsync: "quay.io/backube/volsync:0",
  fixtures: "opencode-harness/fixtures:dev",
};

/** Inputs for unit tests: no key is real. */
export const testInputs: PlatformInputs = {
  images: testImages,
  authority: {
    certPem: "ca-certificate",
    issue: async ({ dnsNames }) => ({ certPem: `certificate for ${dnsNames}`, keyPem: "leaf-private-key" }),
    issuer: async () => ({ certPem: "issuer's certificate", keyPem: "ca-private-key" }),
  },
  issuer: { certPem: "issuer's certificate", keyPem: "ca-private-key" },
  store: "webhook",
  gitToken: "git-token-value",
  gitSecrets: ["github-deploy-key"],
  dopplerToken: "doppler-token-value",
  ageIdentity: "AGE-SECRET-KEY-1VALUE",
  ageSecrets: ["sops-age"],
  gateways: [{ namespace: "network", name: "envoy-internal" }],
  gatewayDeploy: { type: "GatewayNamespace" },
  externalDns: { namespace: "network", args: ["--source=gateway-httproute", "--policy=sync"] },
};
