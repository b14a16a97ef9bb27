import "reflect-metadata"; // @peculiar/x509 resolves its algorithms through tsyringe, which needs the polyfill first
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { nameConstraints, type PermittedNames } from "./name-constraints.ts";
import { addPrivateKey } from "./redactor.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

/** How long what belongs to a run is good: a cluster that is kept may be looked at for two weeks. */
const lifeDays = 14;

/** A certificate and its private key (PKCS#8), both PEM. The redactor knows the key. */
export interface KeyPair {
  certPem: string;
  keyPem: string;
}

export interface LeafRequest {
  dnsNames: string[];
  /** IPv4. */
  ips?: string[];
}

/**
 * The authority of one run. Its key is in this process only, and goes with it; what it vouches for is limited to the names
 * that the run answers for, and to two weeks.
 */
export interface Authority {
  /** What whoever takes part in the run trusts. */
  certPem: string;
  /** A certificate for these names; good for servers and clients. */
  issue(request: LeafRequest): Promise<KeyPair>;
  /** An authority below this one, for fewer names, as a cert-manager `ca` issuer takes it: its own certificate comes first. */
  issuer(names: PermittedNames): Promise<KeyPair>;
}

/** A new authority that may vouch for these names and addresses. */
export async function newAuthority(names: PermittedNames): Promise<Authority> {
  const keys = await newKeys();
  const subject = "CN=opencode-harness CA of one run";
  const root: Signer = { subject, keys };
  const certificate = await sign(root, { subject, publicKey: keys.publicKey, extensions: authority(names) });
  return {
    certPem: pem(certificate),
    issue: async (request) => {
      const leaf = await newKeys();
      const signed = await sign(root, {
        subject: `CN=${request.dnsNames[0] ?? request.ips?.[0] ?? "opencode-harness"}`,
        publicKey: leaf.publicKey,
        extensions: endEntity(request),
      });
      return { certPem: pem(signed), keyPem: await exportKey(leaf.privateKey) };
    },
    issuer: async (below) => {
      const own = await newKeys();
      const signed = await sign(root, {
        subject: "CN=opencode-harness CA for the gateway",
        publicKey: own.publicKey,
        extensions: authority(below),
      });
      return { certPem: pem(signed) + pem(certificate), keyPem: await exportKey(own.privateKey) };
    },
  };
}

interface Signer {
  subject: string;
  keys: webcrypto.CryptoKeyPair;
}

interface ToSign {
  subject: string;
  publicKey: webcrypto.CryptoKey;
  extensions: x509.Extension[];
}

async function sign(
  signer: Signer,
  { subject, publicKey, extensions }: ToSign,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    subject,
    issuer: signer.subject,
    publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: algorithm,
    serialNumber: serialNumber(),
    // An hour back: a container's clock may lag behind ours.
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + lifeDays * dayMs),
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.keys.publicKey),
    ],
  });
}

function authority(names: PermittedNames): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    nameConstraints(names),
  ];
}

function endEntity({ dnsNames, ips = [] }: LeafRequest): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    // Envoy proves itself to Envoy Gateway with such a certificate, as a client.
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
    new x509.SubjectAlternativeNameExtension([
      ...dnsNames.map((value) => ({ type: "dns" as const, value })),
      ...ips.map((value) => ({ type: "ip" as const, value })),
    ]),
  ];
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const encoded = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
  const keyPem = `${encoded}\n`;
  addPrivateKey("private key of the run", keyPem);
  return keyPem;
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
