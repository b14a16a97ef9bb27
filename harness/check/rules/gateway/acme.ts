import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { covers } from "../../reading/gateways.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface CertificateSpec {
  secretName?: string;
  commonName?: string;
  isCA?: boolean;
  dnsNames?: string[];
  ipAddresses?: string[];
  emailAddresses?: string[];
  uris?: string[];
  issuerRef?: { kind?: string; name?: string; group?: string };
  privateKey?: { algorithm?: string; size?: number };
}

/** Certificates of ours: of our Kustomizations, or for a host of a workspace. */
function ours(inspected: Inspected): OwnedObject[] {
  const hosts = inspected.workspaces.flatMap(({ facts }) => facts.hosts.map(({ hostname }) => hostname));
  return inspected
    .of("Certificate")
    .filter(
      (one) =>
        inspected.isOurs(one.owner) ||
        specOf<CertificateSpec>(one).dnsNames?.some((name) => hosts.some((host) => covers(name, host))),
    );
}

const acmeOf = (inspected: Inspected, one: OwnedObject): { server?: string } | undefined => {
  const { kind = "Issuer", name } = specOf<CertificateSpec>(one).issuerRef ?? {};
  const issuer = inspected.of(kind).find(({ object }) => object.metadata.name === name);
  return issuer ? specOf<{ acme?: { server?: string } }>(issuer).acme : undefined;
};

type Slip = [is: boolean | undefined, field: string, what: string, remedy: string];

/** What an ACME server takes in no request, and what cert-manager does not even ask it. */
function notOfAcme(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const acme = acmeOf(inspected, one);
    if (!acme) return [];
    const spec = specOf<CertificateSpec>(one);
    const { commonName = "", dnsNames = [], ipAddresses = [], privateKey: { algorithm, size } = {} } = spec;
    const isLetsEncrypt = /letsencrypt\.org/.test(acme.server ?? "");
    const isShort = commonName === "" || dnsNames.includes(commonName) || ipAddresses.includes(commonName);
    const slips: Slip[] = [
      [
        !isShort,
        "commonName",
        `has commonName ${commonName}, which is none of its dnsNames: cert-manager makes no order of it`,
        "leave commonName out, or name it among dnsNames",
      ],
      [
        (spec.emailAddresses ?? []).length > 0,
        "emailAddresses",
        "asks for e-mail addresses, which no ACME server vouches for",
        "leave emailAddresses out",
      ],
      [
        (spec.uris ?? []).length > 0,
        "uris",
        "asks for URIs, which no ACME server vouches for",
        "leave uris out",
      ],
      [
        ipAddresses.some((address) =>
          /^(10|127|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254)\.|^f[cde]/i.test(address),
        ),
        "ipAddresses",
        "asks for an address of the house, which nobody outside can vouch for",
        "leave ipAddresses out",
      ],
      [
        (algorithm === "RSA" && size !== undefined && (size < 2048 || size > 8192)) ||
          (algorithm === "ECDSA" && size !== undefined && ![256, 384, 521].includes(size)),
        "privateKey",
        `has a key of ${algorithm} ${size}, which cert-manager does not make`,
        "write RSA with 2048 to 4096, or ECDSA with 256 or 384",
      ],
      [
        isLetsEncrypt && (algorithm === "Ed25519" || (algorithm === "ECDSA" && size === 521)),
        "privateKey",
        `has a key of ${algorithm}${size ? ` ${size}` : ""}, for which Let's Encrypt gives no certificate`,
        "write RSA with 2048 to 4096, or ECDSA with 256 or 384",
      ],
    ];
    return slips.flatMap(([is, field, what, remedy]) =>
      is
        ? [
            {
              message: `${titleOf(one)} ${what}: it is never issued`,
              remedy,
              ...inspected.placeOf(one, key("spec"), key(field)),
            },
          ]
        : [],
    );
  });
}

/** Issuers of another group are asked by nobody whom cert-manager knows. */
function ofOtherGroup(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { group = "cert-manager.io", kind = "Issuer" } = specOf<CertificateSpec>(one).issuerRef ?? {};
    if (group === "cert-manager.io" || !/^(Cluster)?Issuer$/.test(kind)) return [];
    // Others have issuers of these kinds, in groups of their own.
    const isThere = inspected.of(kind).some(({ object }) => object.apiVersion.startsWith(`${group}/`));
    if (isThere) return [];
    return {
      message: `${titleOf(one)} asks a ${kind} of ${group}, which nobody makes: it is never issued`,
      remedy: "leave issuerRef.group out",
      ...inspected.placeOf(one, key("issuerRef"), key("group")),
    };
  });
}

/** Two Certificates for one Secret: each finds the other's in it, and asks for its own again, up to the issuer's limit. */
function intoOneSecret(inspected: Inspected): Fault[] {
  const all = inspected.of("Certificate");
  const placeOf = (one: OwnedObject) =>
    `${one.object.metadata.namespace}/${specOf<CertificateSpec>(one).secretName}`;
  return ours(inspected).flatMap((one) => {
    const other = all.find((another) => another !== one && placeOf(another) === placeOf(one));
    const isLater = other && inspected.isOurs(other.owner) && all.indexOf(other) < all.indexOf(one);
    if (!other || isLater || !inspected.isOurs(one.owner)) return [];
    return {
      message: `${titleOf(one)} and ${titleOf(other)} are both kept in Secret ${placeOf(one)}: each takes it from the other, and certificates are asked for again and again`,
      remedy: "give each a secretName of its own, and name both in the Gateway's listener",
      ...inspected.placeOf(one, key("secretName")),
    };
  });
}

/** Whether a certificate is given, and stays. */
export const acmeRules = [
  rule({ id: "never-issued", title: "certificates ask for what is given", pitfalls: [9], find: notOfAcme }),
  rule({
    id: "issuer-of-other-group",
    title: "issuers are cert-manager's",
    pitfalls: [9],
    find: ofOtherGroup,
  }),
  rule({
    id: "certificate-twice",
    title: "a Secret holds one certificate",
    pitfalls: [9],
    find: intoOneSecret,
  }),
];
