import { escapeRegExp } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Ways to a Service that are no HTTPRoute, and whether a browser's TLS ends before it. */
const others: Readonly<Record<string, string>> = {
  Ingress: "what the Gateway's policies say of streams and of who is let in is not said there",
  TCPRoute: "nobody ends TLS there: password and code are readable on the way",
  UDPRoute: "nobody ends TLS there: password and code are readable on the way",
  TLSRoute: "OpenCode does not speak TLS",
  GRPCRoute: "OpenCode speaks no gRPC",
};

/** Names of Services in a route's or an Ingress's backends. */
function backendsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const refs = field === "backendRefs" && Array.isArray(inner) ? inner.map(({ name }) => String(name)) : [];
    const service = field === "service" ? [(inner as { name?: string } | null)?.name ?? ""] : [];
    return [...refs, ...service, ...backendsOf(inner)];
  });
}

function besideTheRoute({ facts }: InspectedWorkspace, { of, placeOf }: Inspected): Fault[] {
  const services = facts.services.map(({ name }) => name);
  // Where no route leads there, the other way may be the one that is meant.
  if (facts.hosts.length === 0) return [];
  return Object.entries(others).flatMap(([kind, why]) =>
    of(kind)
      .filter(({ object: { metadata } }) => metadata.namespace === facts.namespace)
      .flatMap((one) => {
        const service = backendsOf(one.object.spec).find((name) => services.includes(name));
        if (service === undefined) return [];
        return {
          message: `${titleOf(one)} leads to ${facts.name} beside its HTTPRoute: ${why}`,
          remedy: "take it out: the HTTPRoute leads there",
          ...(kind === "Ingress" ? { severity: "warning" as const } : {}),
          ...placeOf(one, key("spec"), service),
        };
      }),
  );
}

/** `service: http://opencode-ha.opencode.svc:4096` of a tunnel that begins in the internet. */
function byTunnel({ facts }: InspectedWorkspace, { all, placeOf }: Inspected): Fault[] {
  const names = facts.services.map(({ name }) => escapeRegExp(name)).join("|");
  const to = new RegExp(
    `service["'\\\\]*:\\s*["'\\\\]*https?://(?:${names})\\.${escapeRegExp(facts.namespace)}(?:\\.svc)?\\b`,
  );
  const isTunnel = ({ object }: OwnedObject) => /ConfigMap|HelmRelease|Secret/.test(object.kind);
  return all
    .filter((one) => isTunnel(one) && to.test(JSON.stringify(one.object)))
    .map((one) => ({
      message: `${titleOf(one)} leads a tunnel to ${facts.name}, past the Gateway: from outside of the house a password is all that is between everybody and a shell`,
      remedy: "take it out, or lead the tunnel to a Gateway that asks who comes",
      severity: "warning" as const,
      ...placeOf(one, facts.services[0]?.name ?? facts.name),
    }));
}

/** A record that is written out in place of a route's. */
function writtenRecords({ facts }: InspectedWorkspace, { of, placeOf }: Inspected): Fault[] {
  const asked = Object.entries(facts.publicDns?.annotations ?? {});
  if (!facts.publicDns) return [];
  const hosts = facts.hosts.map(({ hostname }) => hostname);
  return of("DNSEndpoint").flatMap((one) => {
    const has = one.object.metadata.annotations ?? {};
    const { endpoints = [] } = (one.object.spec ?? {}) as { endpoints?: { dnsName?: string }[] };
    const host = endpoints.find(
      ({ dnsName = "" }) => hosts.includes(dnsName) && !facts.publicDns?.published?.includes(dnsName),
    )?.dnsName;
    if (host === undefined || !asked.every(([name, value]) => has[name] === value)) return [];
    return {
      message: `${titleOf(one)} makes external-dns publish ${host}: everybody can look up that it is there`,
      remedy: "take it out, or list the host under `published` in outside.yaml",
      ...(facts.publicDns?.published ? { severity: "error" as const } : {}),
      ...placeOf(one, key("endpoints"), /dnsName:/),
    };
  });
}

/** Other ways to a workspace than the one that is looked at, and who hears of it. */
export const sideWayRules = [
  rule({
    id: "side-way",
    title: "HTTPRoutes alone lead to workspaces",
    pitfalls: [9],
    find: eachWorkspace((workspace, inspected) => [
      ...besideTheRoute(workspace, inspected),
      ...byTunnel(workspace, inspected),
    ]),
  }),
  rule({
    id: "record-written",
    title: "no record of a workspace is written that its owner does not publish",
    severity: "warning",
    find: eachWorkspace(writtenRecords),
  }),
];
