import type { OwnedObject } from "../../../home/index.ts";
import { type ExternalSecret, externalSecretsIn, mayHold } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { covers } from "../../reading/gateways.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface CertificateSpec {
  dnsNames?: string[];
  issuerRef?: { kind?: string; name?: string };
}

interface Solver {
  dns01?: object;
  http01?: object;
  selector?: { dnsZones?: string[]; dnsNames?: string[]; matchLabels?: object };
}

interface IssuerSpec {
  acme?: { solvers?: Solver[] };
}

/** Certificates of ours that an ACME issuer is to give, with that issuer. */
function asked(inspected: Inspected): { certificate: OwnedObject; issuer: OwnedObject; solvers: Solver[] }[] {
  const hosts = inspected.workspaces.flatMap(({ facts }) => facts.hosts.map(({ hostname }) => hostname));
  return inspected.of("Certificate").flatMap((certificate) => {
    const { dnsNames = [], issuerRef: { kind = "Issuer", name = "" } = {} } =
      specOf<CertificateSpec>(certificate);
    const isOurs = dnsNames.some((one) => hosts.some((host) => covers(one, host)));
    const issuer = inspected.of(kind).find(({ object }) => object.metadata.name === name);
    const { acme } = issuer ? specOf<IssuerSpec>(issuer) : {};
    return isOurs && issuer && acme ? [{ certificate, issuer, solvers: acme.solvers ?? [] }] : [];
  });
}

const isInZone = (name: string, zone: string): boolean => {
  const plain = name.replace(/^\*\./, "");
  return plain === zone || plain.endsWith(`.${zone}`);
};

/** Whether cert-manager may take a solver for a name: by its selector, and a wildcard by DNS alone. */
function solves({ dns01, selector = {} }: Solver, name: string): boolean {
  const { dnsZones = [], dnsNames = [], matchLabels } = selector;
  const isChosen =
    (dnsZones.length === 0 && dnsNames.length === 0) ||
    matchLabels !== undefined ||
    dnsZones.some((zone) => isInZone(name, zone)) ||
    dnsNames.includes(name);
  return isChosen && (dns01 !== undefined || !name.startsWith("*."));
}

function unsolved(inspected: Inspected): Fault[] {
  return asked(inspected).flatMap(({ certificate, issuer, solvers }) => {
    const name = specOf<CertificateSpec>(certificate).dnsNames?.find(
      (one) => !solvers.some((solver) => solves(solver, one)),
    );
    if (name === undefined) return [];
    const isWildcard = name.startsWith("*.") && !solvers.some(({ dns01 }) => dns01 !== undefined);
    return {
      message: `${issuer.object.kind} ${issuer.object.metadata.name} has no solver for ${name} of Certificate ${certificate.object.metadata.name}: it is never issued`,
      remedy: isWildcard
        ? "give the issuer a dns01 solver: Let's Encrypt proves a wildcard by DNS only, or name each host"
        : "let selector.dnsZones name the zone, or leave the selector out",
      ...inspected.placeOf(issuer, key("solvers"), isWildcard ? key("http01") : key("dnsZones")),
    };
  });
}

/** The keys of DNS that solvers name lie with cert-manager for a ClusterIssuer, else with the Issuer. */
function missingTokens(inspected: Inspected): Fault[] {
  return asked(inspected).flatMap(({ issuer, solvers }) => {
    const namespace = issuer.object.metadata.namespace ?? issuer.owner.object.spec.targetNamespace ?? "";
    const made: ExternalSecret[] = externalSecretsIn(namespace, inspected.objects);
    return refsIn(solvers).flatMap(({ name, key: field }) => {
      const isMade = made.some(({ secret }) => secret === name);
      // Somebody may have made it by hand, where nothing of the tree makes any there.
      if (made.length === 0 || (isMade && mayHold(name, field, namespace, inspected.objects))) return [];
      if (!isMade && inspected.objects.find("Secret", { namespace, name })) return [];
      return {
        message: `${issuer.object.kind} ${issuer.object.metadata.name} proves names with ${field} of Secret ${namespace}/${name}, which nobody in the tree makes: no certificate is issued`,
        remedy: `name what is made there: ${made.map(({ secret }) => secret).join(", ")}`,
        // It may have been made by hand.
        ...(isMade ? {} : { severity: "warning" as const }),
        ...inspected.placeOf(issuer, key("solvers"), isMade ? `key: ${field}` : name),
      };
    });
  });
}

function refsIn(value: unknown): { name: string; key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Object.entries(value).flatMap(([field, one]) => {
    const { name, key: found } = (one ?? {}) as { name?: unknown; key?: unknown };
    return /SecretRef$/.test(field) && typeof name === "string" && typeof found === "string"
      ? [{ name, key: found }]
      : [];
  });
  return [...own, ...Object.values(value).flatMap(refsIn)];
}

/** Whether an issuer can prove the names. */
export const issuerRules = [
  rule({
    id: "name-unproved",
    title: "issuers can prove the names of certificates",
    pitfalls: [9],
    find: unsolved,
  }),
  rule({ id: "issuer-secret-missing", title: "issuers have their keys", pitfalls: [9], find: missingTokens }),
];
