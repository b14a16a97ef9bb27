import "reflect-metadata";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import * as x509 from "@peculiar/x509";
import { describe, expect, it, onTestFinished } from "vitest";
import { type KeyPair, newAuthority } from "./ca.ts";
import { redact } from "./redactor.ts";

const names = { dnsNames: ["github.com", "example.org"], ips: ["127.0.0.1"] };
const dayMs = 86_400_000;

/** What a client that trusts only this authority says of a server with this certificate. */
async function visit(caPem: string, { certPem, keyPem }: KeyPair, servername: string): Promise<string> {
  const server = createServer({ cert: certPem, key: keyPem }, (_, response) => response.end("ok"));
  onTestFinished(() => void server.close());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    const options = { port, host: "127.0.0.1", ca: caPem, servername, agent: false as const };
    request(options, (response) => {
      response.resume().on("end", () => resolve(String(response.statusCode)));
    })
      .on("error", (error: Error) => resolve(error.message))
      .end();
  });
}

/** A certificate that whoever has the issuer's key can make. */
async function signedBy(issuer: KeyPair, name: string): Promise<KeyPair> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const key = x509.PemConverter.decodeFirst(issuer.keyPem);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: new x509.X509Certificate(issuer.certPem).subject,
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey("pkcs8", key, algorithm, false, ["sign"]),
    signingAlgorithm: algorithm,
    notAfter: new Date(Date.now() + dayMs),
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  const keyPem = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey("pkcs8", keys.privateKey),
    "PRIVATE KEY",
  );
  return { certPem: `${certificate.toString("pem")}\n${issuer.certPem}`, keyPem };
}

describe("the authority of a run", () => {
  it("is a CA that may sign, another one for each run, and good for days", async () => {
    const [one, other] = await Promise.all([newAuthority(names), newAuthority(names)]);
    const certificate = new X509Certificate(one.certPem);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(certificate.validToDate.getTime() - Date.now()).toBeLessThan(15 * dayMs);
    expect(one.certPem).not.toBe(other.certPem);
  });

  it("gives its own key to nobody", async () => {
    expect(Object.keys(await newAuthority(names)).sort()).toEqual(["certPem", "issue", "issuer"]);
  });

  it("issues what a client that trusts only this CA accepts, for the names asked and no other", async () => {
    const authority = await newAuthority(names);
    const leaf = await authority.issue({ dnsNames: ["api.github.com", "*.example.org"], ips: ["127.0.0.1"] });
    expect(await visit(authority.certPem, leaf, "api.github.com")).toBe("200");
    expect(await visit(authority.certPem, leaf, "flux.example.org")).toBe("200");
    expect(await visit(authority.certPem, leaf, "github.com")).toMatch(
      /does not match certificate's altnames/,
    );
  });

  it.each([
    ["a name", { dnsNames: ["bank.example"] }],
    ["an address", { dnsNames: ["github.com"], ips: ["192.0.2.7"] }],
  ])("is believed by nobody for %s that is not the run's", async (_, asked) => {
    const authority = await newAuthority(names);
    const leaf = await authority.issue(asked);
    expect(await visit(authority.certPem, leaf, asked.dnsNames[0] ?? "")).toBe("permitted subtree violation");
  });

  it("may vouch for no address where none is given", async () => {
    const authority = await newAuthority({ dnsNames: ["github.com"] });
    const leaf = await authority.issue({ dnsNames: ["github.com"], ips: ["127.0.0.1"] });
    expect(await visit(authority.certPem, leaf, "github.com")).toBe("permitted subtree violation");
  });
});

describe("the authority below it, which the cluster has", () => {
  it("vouches for its own names, by the chain, and for none of the others", async () => {
    const authority = await newAuthority(names);
    const issuer = await authority.issuer({ dnsNames: ["example.org"] });
    const leafFor = (name: string) => signedBy(issuer, name);
    expect(await visit(authority.certPem, await leafFor("flux.example.org"), "flux.example.org")).toBe("200");
    expect(await visit(authority.certPem, await leafFor("github.com"), "github.com")).toBe(
      "permitted subtree violation",
    );
  });
});

describe("a private key", () => {
  it("is known to the redactor, in Secrets and with any indentation too", async () => {
    const { keyPem } = await (await newAuthority(names)).issuer({ dnsNames: ["example.org"] });
    expect(createPrivateKey(keyPem).asymmetricKeyType).toBe("ec");
    const [, ...body] = keyPem.trim().split("\n").slice(0, -1);
    for (const text of [
      keyPem,
      Buffer.from(keyPem).toString("base64"),
      keyPem.replaceAll("\n", "\n    "),
      JSON.stringify({ key: keyPem }),
    ]) {
      const clean = redact(text);
      for (const line of body) expect(clean).not.toContain(line);
      expect(clean).toContain("[redacted private key of the run]");
    }
  });
});
