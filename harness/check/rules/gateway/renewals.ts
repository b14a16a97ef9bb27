import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { secondsOf } from "../../reading/durations.ts";
import { covers } from "../../reading/gateways.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Spec {
  dnsNames?: string[];
  duration?: string;
  renewBefore?: string;
  renewBeforePercentage?: number;
  issuerRef?: { kind?: string; name?: string };
}

/** The Certificates of OpenCode, and those that cover its hosts. */
function ours({ of, isOurs, workspaces }: Inspected): OwnedObject[] {
  const hosts = workspaces.flatMap(({ facts }) => facts.hosts.map(({ hostname }) => hostname));
  return of("Certificate").filter(
    (one) =>
      isOurs(one.owner) ||
      specOf<Spec>(one).dnsNames?.some((name) => hosts.some((host) => covers(name, host))),
  );
}

/** cert-manager's own, and what Let's Encrypt gives at most. */
const quarter = "2160h";

const day = 24 * 3600;
/** Let's Encrypt gives five of the same names in a week. */
const limit = (7 / 5) * day;

function renewedAtOnce(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { duration = quarter, renewBefore, renewBeforePercentage } = specOf<Spec>(one);
    const lasts = secondsOf(duration) ?? Number.POSITIVE_INFINITY;
    const share = renewBeforePercentage === undefined ? undefined : (lasts * renewBeforePercentage) / 100;
    const before = secondsOf(renewBefore) ?? share ?? 0;
    // Of a short one of the house's own authority nobody minds how often it is asked for.
    const isOften = lasts >= 7 * day && lasts - before < limit;
    if (before < lasts && !isOften) return [];
    const field = renewBefore === undefined ? "renewBeforePercentage" : "renewBefore";
    return {
      message: `Certificate ${one.object.metadata.name} is to be renewed ${renewBefore ?? `${renewBeforePercentage} %`} before its end, and lasts ${duration}: it is asked for again and again, until Let's Encrypt refuses`,
      remedy: `leave ${field} out, or write renewBefore: 720h`,
      ...inspected.placeOf(one, key(field)),
    };
  });
}

/** Certificates for trials, which no browser believes. */
function trials(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { kind = "Issuer", name = "" } = specOf<Spec>(one).issuerRef ?? {};
    const issuer = inspected.of(kind).find(({ object }) => object.metadata.name === name);
    const { acme } = (issuer?.object.spec ?? {}) as { acme?: { server?: string } };
    if (!issuer || !acme?.server?.includes("acme-staging")) return [];
    return {
      message: `Certificate ${one.object.metadata.name} comes from ${kind} ${name}, which asks Let's Encrypt's staging server: no browser believes it`,
      remedy: "name an issuer that asks https://acme-v02.api.letsencrypt.org/directory",
      ...(inspected.isOurs(one.owner)
        ? inspected.placeOf(one, key("issuerRef"), key("name"))
        : inspected.placeOf(issuer, key("server"))),
    };
  });
}

export const renewalRules = [
  rule({
    id: "renewed-at-once",
    title: "certificates last until they are renewed",
    pitfalls: [9],
    find: renewedAtOnce,
  }),
  rule({
    id: "certificate-of-trials",
    title: "browsers believe the certificates",
    pitfalls: [9],
    find: trials,
  }),
];
