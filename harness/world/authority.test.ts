import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { expect, it } from "vitest";
import type { Home } from "../home/index.ts";
import type { KubeObject } from "../platform/index.ts";
import { components } from "../platform/index.ts";
import { testInputs } from "../platform/test-inputs.ts";
import { domainsOf, worldAuthority } from "./authority.ts";

/** What somebody who trusts only the authority is told by a server with this certificate; rejects when it is refused. */
async function shown(caPem: string, { stringData }: KubeObject): Promise<string | undefined> {
  const pair = stringData as Record<string, string>;
  const server = createServer({ cert: pair["tls.crt"], key: pair["tls.key"] }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", ca: caPem, checkServerIdentity: () => undefined });
  try {
    await once(socket, "secureConnect");
    return socket.getPeerCertificate().subjectaltname;
  } finally {
    socket.destroy();
    server.close();
  }
}

it("vouches for all that the platform asks it for", async () => {
  const { authority, issuer } = await worldAuthority(["example.org"]);
  const inputs = { ...testInputs, authority, issuer };
  const all = await Promise.all(components.map(async ({ secrets }) => (await secrets?.(inputs)) ?? []));
  const leaves = all.flat().filter(({ stringData }) => (stringData as Record<string, string>)?.["ca.crt"]);
  expect(await Promise.all(leaves.map((secret) => shown(authority.certPem, secret)))).toEqual([
    expect.stringContaining("DNS:envoy-gateway.network.svc.cluster.local"),
    "DNS:*.network",
  ]);
});

it("vouches for all that the internet asks it for", async () => {
  const { authority } = await worldAuthority(["example.org"]);
  const { certPem, keyPem } = await authority.issue({
    dnsNames: ["ghcr.io", "mirror", "localhost"],
    ips: ["127.0.0.1"],
  });
  const secret = { stringData: { "tls.crt": certPem, "tls.key": keyPem } } as unknown as KubeObject;
  expect(await shown(authority.certPem, secret)).toContain("DNS:ghcr.io");
});

it("gives the cluster an authority for the home's domain, and the way up to the one that all trust", async () => {
  const { authority, issuer } = await worldAuthority(["example.org"]);
  expect(issuer.certPem.endsWith(authority.certPem)).toBe(true);
});

it("is for the home's zone and its Certificates, and for nothing that is no name", () => {
  const certificate = (...dnsNames: string[]) => ({
    object: { kind: "Certificate", apiVersion: "cert-manager.io/v1", metadata: {}, spec: { dnsNames } },
  });
  const objects = [certificate("example.org", "*.example.org"), certificate("*.open.example.org", "no name")];
  const home = {
    outside: { zone: ["flux.open.example.org"] },
    workspaces: [{ hosts: [{ hostname: "ha.open.example.org" }] }],
    rendered: { kustomizations: [{ objects }] },
  } as unknown as Home;
  expect(domainsOf(home)).toEqual([
    "flux.open.example.org",
    "ha.open.example.org",
    "example.org",
    "open.example.org",
  ]);
});
