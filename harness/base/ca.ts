import "reflect-metadata"; // @peculiar/x509 resolves its algorithms through tsyringe, which needs the polyfill first
import { randomBytes, webcrypto } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as x509 from "@peculiar/x509";
import { HarnessError } from "./errors.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

/** A certificate and its private key (PKCS#8), both PEM. */
export interface KeyPair {
  certPem: string;
  keyPem: string;
}

export interface LeafRequest {
  dnsNames: string[];
  ips?: string[];
  /** Default 30. */
  days?: number;
}

/** The harness's certificate authority. Its own pair also serves as a cert-manager `ca` issuer. */
export interface Authority extends KeyPair {
  /** A certificate for these names, signed by this authority; good for servers and clients. */
  issue(request: LeafRequest): Promise<KeyPair>;
}

/**
 * The authority kept in `dir` as `ca.crt` and `ca.key` (0600), made at the first call.
 * It is one per machine, because images that trust it are built once with its certificate inside.
 * Several processes may call this at once: one authority wins, all get that one.
 *
 * @throws HarnessError `environment` when the files cannot be read as a certificate that is still valid.
 */
export async function loadOrCreateAuthority(dir: string): Promise<Authority> {
  if ((await readPair(dir)) === undefined) await writePair(dir, await createPair());
  const pair = await readPair(dir);
  if (pair === undefined) throw damaged(dir, "its files are missing");
  return authorityOf(pair, dir);
}

async function authorityOf(pair: KeyPair, dir: string): Promise<Authority> {
  try {
    const certificate = new x509.X509Certificate(pair.certPem);
    const key = await importKey(pair.keyPem);
    if (certificate.notAfter.getTime() < Date.now()) throw new Error("it has expired");
    return { ...pair, issue: (request) => issue(certificate, key, request) };
  } catch (error) {
    throw damaged(dir, error instanceof Error ? error.message : String(error), error);
  }
}

async function createPair(): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=opencode-harness CA",
    keys,
    serialNumber: serialNumber(),
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 3650 * dayMs),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certPem: pem(certificate), keyPem: await exportKey(keys.privateKey) };
}

async function issue(
  issuer: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  { dnsNames, ips = [], days = 30 }: LeafRequest,
): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const names = [
    ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...ips.map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${dnsNames[0] ?? ips[0] ?? "opencode-harness"}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    serialNumber: serialNumber(),
    // An hour back: a container's clock may lag behind ours.
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + days * dayMs),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      // Envoy proves itself to Envoy Gateway with such a certificate, as a client.
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certPem: pem(certificate), keyPem: await exportKey(keys.privateKey) };
}

/** Written aside and moved into place in one step, so that nobody ever sees a certificate without its key. */
async function writePair(dir: string, pair: KeyPair): Promise<void> {
  await mkdir(dirname(dir), { recursive: true });
  const aside = await mkdtemp(join(dirname(dir), `.${basename(dir)}-`));
  try {
    await writeFile(join(aside, "ca.crt"), pair.certPem);
    await writeFile(join(aside, "ca.key"), pair.keyPem, { mode: 0o600 });
    await rename(aside, dir);
  } catch (error) {
    const anotherProcessWasFirst = ["ENOTEMPTY", "EEXIST"].includes(
      (error as NodeJS.ErrnoException).code ?? "",
    );
    if (!anotherProcessWasFirst) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function readPair(dir: string): Promise<KeyPair | undefined> {
  try {
    const [certPem, keyPem] = await Promise.all([
      readFile(join(dir, "ca.crt"), "utf8"),
      readFile(join(dir, "ca.key"), "utf8"),
    ]);
    return { certPem, keyPem };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

async function importKey(keyPem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(keyPem), algorithm, false, [
    "sign",
  ]);
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

/** 16 random bytes, positive as RFC 5280 wants it. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f || 1;
  return bytes.toString("hex");
}

function damaged(dir: string, why: string, cause?: unknown): HarnessError {
  return new HarnessError(`the certificate authority in ${dir} cannot be used: ${why}`, {
    code: "environment",
    remedy: `Remove ${dir}; the next run makes a new one and builds the images that trust it again.`,
    cause,
  });
}
