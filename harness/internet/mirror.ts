import { type StartedNetwork, Wait } from "testcontainers";
import { stringify } from "yaml";
import type { Authority, Progress } from "../base/index.ts";
import { NetworkedContainer } from "../cluster/index.ts";
import { mirrorHost, registryNames } from "./names.ts";

/** Upstream registries whose images the mirror holds under their own repository paths. */
const mirroredRegistries = ["docker.io", "ghcr.io", "quay.io", "registry.k8s.io"];

export interface MirrorOptions {
  /** An image with Debian's docker-registry (distribution). */
  image: string;
  /** Volume with the registry's storage, filled at preparation. */
  volume: string;
  network: StartedNetwork;
  labels: Record<string, string>;
  authority: Authority;
  progress: Progress;
}

/** Starts the mirror registry, read-only, over TLS; for the nodes it is a mirror, for pods it is ghcr.io. */
export async function startMirror(options: MirrorOptions): Promise<{ ip: string; containerId: string }> {
  const { network, authority } = options;
  const tls = await authority.issue({ dnsNames: [mirrorHost, ...registryNames] });
  const container = await options.progress.task("mirror registry, also for ghcr.io", () =>
    new NetworkedContainer(options.image, network, mirrorHost)
      .withLabels(options.labels)
      .withBindMounts([{ source: options.volume, target: "/var/lib/registry", mode: "ro" }])
      .withEnvironment({
        REGISTRY_HTTP_ADDR: "0.0.0.0:443",
        REGISTRY_HTTP_TLS_CERTIFICATE: "/tls/tls.crt",
        REGISTRY_HTTP_TLS_KEY: "/tls/tls.key",
        REGISTRY_STORAGE_MAINTENANCE_READONLY: "enabled: true",
      })
      .withCopyContentToContainer([
        { content: tls.certPem, target: "/tls/tls.crt" },
        { content: tls.keyPem, target: "/tls/tls.key", mode: 0o600 },
      ])
      .withExposedPorts(443)
      .withWaitStrategy(Wait.forHttp("/v2/", 443, { abortOnContainerExit: true }).usingTls().allowInsecure())
      .withStartupTimeout(60_000)
      .start(),
  );
  return { ip: container.getIpAddress(network.getName()), containerId: container.getId() };
}

/** k3s's registries.yaml: every upstream registry through the mirror, whose certificate the CA at `caFile` signed. */
export function registriesYaml(caFile: string): string {
  const endpoint = `https://${mirrorHost}`;
  return stringify({
    mirrors: Object.fromEntries(mirroredRegistries.map((name) => [name, { endpoint: [endpoint] }])),
    configs: { [mirrorHost]: { tls: { ca_file: caFile } } },
  });
}
