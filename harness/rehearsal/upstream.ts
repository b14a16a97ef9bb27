import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Authority } from "../base/index.ts";
import type { Scene } from "./scene.ts";
import { type Shelf, untilTrue } from "./shelf.ts";

/** Where an engine, the nodes and helm look for what the harness pulls. */
export const upstreamNames = [
  "docker.io",
  "registry-1.docker.io",
  "index.docker.io",
  "ghcr.io",
  "quay.io",
  "registry.k8s.io",
];

export interface Upstream extends AsyncDisposable {
  /** All of the registries fall silent. */
  stop(): Promise<void>;
}

/**
 * The registries of the internet, for a scene: what is on the shelf, over TLS, at the scene's own address. One program stands
 * for all of them, and asks nobody for a login.
 */
export async function startUpstream(
  scene: Scene,
  { directory, shelf, authority }: { directory: string; shelf: Shelf; authority: Authority },
): Promise<Upstream> {
  const tls = await authority.issue({ dnsNames: [...upstreamNames] });
  const [certificate, key] = [join(directory, "tls.crt"), join(directory, "tls.key")];
  await writeFile(certificate, tls.certPem);
  await writeFile(key, tls.keyPem, { mode: 0o600 });
  const serving = execa(...scene.inside([shelf.program, "serve", shelf.configuration]), {
    env: {
      REGISTRY_HTTP_ADDR: "0.0.0.0:443",
      REGISTRY_HTTP_TLS_CERTIFICATE: certificate,
      REGISTRY_HTTP_TLS_KEY: key,
    },
    reject: false,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = async () => {
    serving.kill();
    await serving;
  };
  const ask = ["curl", "--silent", "--fail", "https://registry-1.docker.io/v2/"];
  await untilTrue(async () => (await execa(...scene.inside(ask), { reject: false })).exitCode === 0);
  return { stop, [Symbol.asyncDispose]: stop };
}
