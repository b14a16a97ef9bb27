import { closest } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { covers, gatewayOf, listenersOf, routesOf } from "../../reading/gateways.ts";
import { type Inspected, type InspectedWorkspace, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface CertificateSpec {
  dnsNames?: string[];
  secretName?: string;
  issuerRef?: { kind?: string; name: string };
}

const secretOf = (one: OwnedObject) =>
  `${one.object.metadata.namespace}/${specOf<CertificateSpec>(one).secretName}`;

function missingIssuers(inspected: Inspected): Fault[] {
  const hosts = inspected.workspaces.flatMap(({ facts }) => facts.hosts.map(({ hostname }) => hostname));
  return inspected.of("Certificate").flatMap((one) => {
    const { issuerRef, dnsNames = [] } = specOf<CertificateSpec>(one);
    const isOurs =
      inspected.isOurs(one.owner) || dnsNames.some((name) => hosts.some((host) => covers(name, host)));
    const { kind = "Issuer", name = "" } = issuerRef ?? {};
    const { namespace } = one.object.metadata;
    const isThere = inspected
      .of(kind)
      .some(
        ({ object: { metadata } }) =>
          metadata.name === name && (kind === "ClusterIssuer" || metadata.namespace === namespace),
      );
    if (!isOurs || isThere || isMadeElsewhere(inspected, kind, name)) return [];
    const known = inspected.of(kind).map(({ object }) => object.metadata.name);
    return {
      message: `Certificate ${one.object.metadata.name} asks ${kind} ${name}, which the home does not have`,
      ...(known.length > 0
        ? { remedy: `name one that is there: ${known.join(", ")}` }
        : {
            remedy: `see that a chart, or somebody's hand, makes it: no ${kind} is in Git`,
            severity: "warning",
          }),
      ...inspected.placeOf(one, key("issuerRef"), key("name")),
    };
  });
}

/** A chart may make an issuer: then the home's own certificates ask for it, its values name it, or somebody waits for it. */
function isMadeElsewhere({ of, isOurs, home }: Inspected, kind: string, name: string): boolean {
  const isAsked = of("Certificate").some((one) => {
    const { issuerRef } = specOf<CertificateSpec>(one);
    return !isOurs(one.owner) && issuerRef?.kind === kind && issuerRef.name === name;
  });
  const isValue = of("HelmRelease").some(
    (one) => !isOurs(one.owner) && JSON.stringify(one.object.spec).includes(`"${name}"`),
  );
  const isAwaited = home.rendered.kustomizations.some(({ object: { spec } }) =>
    ((spec as { healthChecks?: { kind?: string; name?: string }[] }).healthChecks ?? []).some(
      (one) => one.kind === kind && one.name === name,
    ),
  );
  return isAsked || isValue || isAwaited;
}

function uncoveredHosts(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    workspace.facts.hosts.flatMap(({ hostname }) => uncovered(inspected, workspace, hostname)),
  );
}

function uncovered(inspected: Inspected, workspace: InspectedWorkspace, host: string): Fault[] {
  const certificates = inspected.of("Certificate");
  const covering = certificates.filter((one) =>
    specOf<CertificateSpec>(one).dnsNames?.some((name) => covers(name, host)),
  );
  const { gateways, secrets } = servedFor(inspected, workspace, host);
  if (gateways.length === 0 || covering.some((one) => secrets.includes(secretOf(one)))) return [];
  const [first] = covering;
  if (!first) {
    // Ours first: another that has the same names is nobody's mistake.
    const inTurn = certificates.toSorted(
      (one, other) => Number(inspected.isOurs(other.owner)) - Number(inspected.isOurs(one.owner)),
    );
    const namesOf = (one: OwnedObject) => specOf<CertificateSpec>(one).dnsNames ?? [];
    const wanted = closest(host.replace(/^[^.]+/, "*"), certificates.flatMap(namesOf));
    const near =
      inTurn.find((one) => wanted && namesOf(one).includes(wanted)) ??
      inTurn.find((one) => namesOf(one).some((name) => host.endsWith(name.slice(1))));
    return [
      {
        message: `no Certificate covers ${host}${near ? `: ${near.object.metadata.name} has ${namesOf(near).join(", ")}` : ""}`,
        remedy: "a wildcard stands for one label only: name the host, or the wildcard one level above it",
        ...(near && inspected.isOurs(near.owner)
          ? inspected.placeOf(near, key("dnsNames"))
          : workspace.at(key("hostnames"))),
      },
    ];
  }
  const namespace = gateways[0]?.split("/")[0];
  const isElsewhere = first.object.metadata.namespace !== namespace;
  const isMoved = isElsewhere && first.owner.object.spec.targetNamespace === first.object.metadata.namespace;
  const flux = inspected
    .of("Kustomization")
    .find(({ object: { metadata } }) => metadata.name === first.owner.name && isMoved);
  const reader = gatewayThatReads(inspected, secretOf(first));
  return [
    {
      message: `the certificate for ${host} lies in Secret ${secretOf(first)}, and Gateway ${gateways.join(", ")} reads only ${secrets.join(", ") || "none"}`,
      remedy: isMoved
        ? `let targetNamespace of Kustomization ${first.owner.name} be ${namespace}: a listener reads Secrets of the Gateway's own namespace`
        : isElsewhere
          ? `make the Certificate in namespace ${namespace}: a listener reads Secrets of the Gateway's own namespace`
          : reader
            ? `hang the route on Gateway ${reader}, which reads it, or add it to certificateRefs of this one`
            : `add ${specOf<CertificateSpec>(first).secretName} to certificateRefs of the Gateway's https listener`,
      ...(flux
        ? inspected.placeOf(flux, key("targetNamespace"))
        : reader && !isElsewhere
          ? workspace.at(key("parentRefs"), key("name"))
          : inspected.placeOf(first, isElsewhere ? key("namespace") : key("secretName"))),
    },
  ];
}

/** Another Gateway whose listeners read a Secret. */
function gatewayThatReads({ of }: Inspected, secret: string): string | undefined {
  const found = of("Gateway").find((gateway) =>
    listenersOf(gateway, { name: "" }).some(({ tls }) =>
      tls?.certificateRefs?.some(
        (one) => `${one.namespace ?? gateway.object.metadata.namespace}/${one.name}` === secret,
      ),
    ),
  );
  return found && `${found.object.metadata.namespace}/${found.object.metadata.name}`;
}

/** The gateways with TLS that serve a host, and the Secrets of their listeners. */
function servedFor(inspected: Inspected, workspace: InspectedWorkspace, host: string) {
  const gateways: string[] = [];
  const secrets: string[] = [];
  for (const route of routesOf(inspected, workspace).filter(({ hostnames }) => hostnames.includes(host))) {
    for (const parent of route.parents) {
      const gateway = gatewayOf(inspected, route, parent);
      const listeners = gateway
        ? listenersOf(gateway, parent).filter(({ protocol }) => protocol === "HTTPS")
        : [];
      if (!gateway || listeners.length === 0) continue;
      const { namespace = "", name } = gateway.object.metadata;
      gateways.push(`${namespace}/${name}`);
      secrets.push(
        ...listeners.flatMap(({ tls }) =>
          (tls?.certificateRefs ?? []).map((one) => `${one.namespace ?? namespace}/${one.name}`),
        ),
      );
    }
  }
  return { gateways: [...new Set(gateways)], secrets: [...new Set(secrets)] };
}

export const certificateRules = [
  rule({
    id: "issuer-missing",
    title: "the issuers of the certificates are in the home",
    pitfalls: [9],
    isBlocker: true,
    find: missingIssuers,
  }),
  rule({
    id: "host-not-covered",
    title: "a certificate that the Gateway reads covers each host",
    pitfalls: [9],
    find: uncoveredHosts,
  }),
];
