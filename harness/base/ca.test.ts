import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadOrCreateAuthority } from "./ca.ts";

async function freshDir(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "ca-test-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  return join(parent, "ca");
}

describe("the certificate authority", () => {
  it("is a CA that may sign, and its key is for the owner only", async () => {
    const dir = await freshDir();
    const authority = await loadOrCreateAuthority(dir);
    const certificate = new X509Certificate(authority.certPem);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect((await stat(join(dir, "ca.key"))).mode & 0o777).toBe(0o600);
  });

  it("is the same at the second call and when several ask at once", async () => {
    const dir = await freshDir();
    const all = await Promise.all(Array.from({ length: 5 }, () => loadOrCreateAuthority(dir)));
    const again = await loadOrCreateAuthority(dir);
    expect(new Set([...all, again].map(({ certPem }) => certPem)).size).toBe(1);
    expect(await readFile(join(dir, "ca.crt"), "utf8")).toBe(again.certPem);
  });

  it("issues what a TLS client that trusts only this CA accepts, for the names asked and no other", async () => {
    const authority = await loadOrCreateAuthority(await freshDir());
    const leaf = await authority.issue({ dnsNames: ["github.com"], ips: ["127.0.0.1"] });
    const server = createServer({ cert: leaf.certPem, key: leaf.keyPem }, (_, response) =>
      response.end("ok"),
    );
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const get = (servername: string) =>
      new Promise<string>((resolve) => {
        request({ port, host: "127.0.0.1", ca: authority.certPem, servername, agent: false }, (response) => {
          response.resume().on("end", () => resolve(String(response.statusCode)));
        })
          .on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
          .end();
      });
    expect(await get("github.com")).toBe("200");
    expect(await get("gitlab.com")).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    server.close();
  });

  it("names the directory and the remedy when its files are damaged", async () => {
    const dir = await freshDir();
    await loadOrCreateAuthority(dir);
    await writeFile(join(dir, "ca.crt"), "not a certificate");
    await expect(loadOrCreateAuthority(dir)).rejects.toMatchObject({
      code: "environment",
      remedy: expect.stringContaining(dir),
    });
  });
});
