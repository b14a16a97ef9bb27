import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { secondsOf } from "../../reading/durations.ts";
import { gatewayOf, policiesFor, type Route, routesOf } from "../../reading/gateways.ts";
import { type Inspected, type InspectedWorkspace, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface PolicySpec {
  mergeType?: string;
  timeout?: { http?: { requestTimeout?: string; streamIdleTimeout?: string } };
}

const kindOfPolicy = "BackendTrafficPolicy";

function cutStreams(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    routesOf(inspected, workspace)
      .filter((route) => isOfEnvoyGateway(inspected, route))
      .flatMap((route) => whyCut(inspected, workspace, route)),
  );
}

/** Its limit is not that of other implementations, of which nothing is known here; a class of no file is believed to be its. */
function isOfEnvoyGateway(inspected: Inspected, route: Route): boolean {
  const gateways = route.parents.flatMap((parent) => gatewayOf(inspected, route, parent) ?? []);
  return gateways.some(({ object }) => {
    const { gatewayClassName = "" } = (object.spec ?? {}) as { gatewayClassName?: string };
    const found = inspected.of("GatewayClass").find((one) => one.object.metadata.name === gatewayClassName);
    const { controllerName = "" } = (found?.object.spec ?? {}) as { controllerName?: string };
    return found ? controllerName.startsWith("gateway.envoyproxy.io/") : /envoy|^eg$/.test(gatewayClassName);
  });
}

/**
 * A policy on the route replaces the Gateway's whole, unless it says how to merge. A timeout of the route's own rule goes
 * before either (Envoy Gateway, getEffectiveRequestTimeout).
 */
function whyCut(inspected: Inspected, workspace: InspectedWorkspace, route: Route): Fault[] {
  const [own] = policiesFor(inspected, kindOfPolicy, route.owned);
  const gateways = route.parents.flatMap((parent) => gatewayOf(inspected, route, parent) ?? []);
  const [ofGateway] = gateways.flatMap((gateway) => policiesFor(inspected, kindOfPolicy, gateway));
  const timeoutOf = (one?: OwnedObject) => one && specOf<PolicySpec>(one).timeout?.http?.requestTimeout;
  const merged = !own || specOf<PolicySpec>(own).mergeType ? timeoutOf(ofGateway) : undefined;
  const byPolicy = timeoutOf(own) ?? merged;
  const ofRules = route.rules.map(timeoutOfRule);
  if (ofRules.every((one) => isUnlimited(one?.after ?? byPolicy))) return [];
  const limiting = ofRules.find((one) => one !== undefined && !isUnlimited(one.after));
  const ofRoute = limiting?.after;
  const worst = ofRoute ?? byPolicy;
  const after = worst === undefined ? "15 s after the request, busy or not" : `after ${worst}`;
  const culprit =
    timeoutOf(own) !== undefined || (own && !specOf<PolicySpec>(own).mergeType) ? own : undefined;
  const why =
    ofRoute === undefined
      ? whose(own, ofGateway, timeoutOf)
      : `timeouts.${limiting?.field} of HTTPRoute ${route.name} says so, and goes before every policy`;
  return [
    {
      message: `Envoy ends event streams of ${workspace.facts.name} ${after}: ${why}`,
      remedy:
        "give timeout.http.requestTimeout: 0s in the policy of the route, or timeouts.request: 0s in the route itself",
      ...(ofRoute === undefined
        ? culprit
          ? inspected.placeOf(culprit, key("timeout"), key("http"), key("requestTimeout"))
          : workspace.at(key("route"))
        : inspected.placeOf(route.owned, key("timeouts"), `${limiting?.field}: ${ofRoute}`)),
    },
  ];
}

/** backendRequest takes the place of request where the rule does not try again (Envoy Gateway 1.7, processRouteTimeout). */
function timeoutOfRule({ timeouts, retry }: Route["rules"][number]) {
  if (timeouts?.backendRequest !== undefined && retry === undefined)
    return { field: "backendRequest", after: timeouts.backendRequest };
  return timeouts?.request === undefined ? undefined : { field: "request", after: timeouts.request };
}

const isUnlimited = (timeout: string | undefined) => timeout !== undefined && /^0[0.hms]*$/.test(timeout);

function whose(
  own: OwnedObject | undefined,
  ofGateway: OwnedObject | undefined,
  timeoutOf: (one?: OwnedObject) => string | undefined,
): string {
  if (!own) return ofGateway ? "the Gateway's policy does not lift the limit" : "no policy reaches its route";
  const name = `BackendTrafficPolicy ${own.object.metadata.name}`;
  if (timeoutOf(own)) return `${name} says so`;
  return timeoutOf(ofGateway)
    ? `${name} replaces the Gateway's policy and gives no requestTimeout`
    : `${name} gives no requestTimeout`;
}

/** Terminals are idle while their user thinks; OpenCode's event stream has a heartbeat each 10 s. */
const idleSeconds = 600;

function idleTimeouts(inspected: Inspected): Fault[] {
  const policies = inspected.workspaces.flatMap((workspace) =>
    routesOf(inspected, workspace).flatMap((route) => [
      ...policiesFor(inspected, kindOfPolicy, route.owned),
      ...route.parents
        .flatMap((parent) => gatewayOf(inspected, route, parent) ?? [])
        .flatMap((gateway) => policiesFor(inspected, "ClientTrafficPolicy", gateway)),
    ]),
  );
  return [...new Set(policies)].flatMap((policy) => {
    const { streamIdleTimeout } = specOf<PolicySpec>(policy).timeout?.http ?? {};
    const seconds = secondsOf(streamIdleTimeout);
    if (seconds === undefined || seconds === 0 || seconds >= idleSeconds) return [];
    return {
      message: `${titleOf(policy)} ends streams that were idle for ${streamIdleTimeout}: terminals are`,
      remedy: "leave streamIdleTimeout out, or let it be 0s",
      ...inspected.placeOf(policy, key("streamIdleTimeout")),
    };
  });
}

function http2({ workspaces, objects }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, at }) =>
    facts.services.flatMap(({ name }) => {
      const { ports = [] } = (objects.find("Service", { namespace: facts.namespace, name })?.spec ?? {}) as {
        ports?: { appProtocol?: string }[];
      };
      if (!ports.some(({ appProtocol }) => appProtocol === "kubernetes.io/h2c")) return [];
      return {
        message: `Service ${name} says that OpenCode speaks HTTP/2 without TLS, which it does not`,
        remedy: "let appProtocol be kubernetes.io/ws, or leave it out",
        ...at("kubernetes.io/h2c"),
      };
    }),
  );
}

export const streamRules = [
  rule({ id: "stream-cut", title: "no request timeout ends event streams", pitfalls: [4], find: cutStreams }),
  rule({ id: "stream-idle", title: "no idle timeout ends terminals", pitfalls: [4], find: idleTimeouts }),
  rule({
    id: "app-protocol",
    title: "the Service names a protocol that OpenCode speaks",
    pitfalls: [4],
    find: http2,
  }),
];
