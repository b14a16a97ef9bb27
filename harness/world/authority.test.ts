import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { expect, it } from "vitest";
import type { KubeObject } from "../platform/index.ts";
import { components } from "../platform/index.ts";
import { testInputs } from "../platform/test-inputs.ts";
import { worldAuthority } from "./authority.ts";

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
