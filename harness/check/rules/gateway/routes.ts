import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import {
  answersFor,
  covers,
  everyRoute,
  gatewayOf,
  type Listener,
  listenersOf,
  type ParentRef,
  type Route,
  routesIn,
  takesRoutesOf,
} from "../../reading/gateways.ts";
import { type Inspected, titleOf } from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

function refused(inspected: Inspected): Fault[] {
  return everyRoute(inspected).flatMap(({ route }) =>
    route.parents.flatMap((parent) => whyRefused(inspected, route, parent)),
  );
}

/** The line by which a route asks for its listener. */
const chosenBy = ({ name, sectionName, port }: ParentRef): Needle => {
  if (sectionName !== undefined) return key("sectionName");
  return port === undefined ? name : key("port");
};

function whyRefused(inspected: Inspected, route: Route, parent: ParentRef): Fault[] {
  const { placeOf } = inspected;
  const name = `${parent.namespace ?? route.namespace}/${parent.name}`;
  const gateway = gatewayOf(inspected, route, parent);
  if (!gateway) {
    const gateways = inspected
      .of("Gateway")
      .map(({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}`);
    const place = placeOf(route.owned, key("parentRefs"), parent.name);
    const asks = `HTTPRoute ${route.name} asks Gateway ${name} to take it, which`;
    if (gateways.length > 0)
      return [
        {
          message: `${asks} the home does not have`,
          remedy: `name one that is there: ${gateways.join(", ")}`,
          ...place,
        },
      ];
    return [
      {
        severity: "warning",
        message: `${asks} is not seen here: no Gateway of the home stands in Git`,
        remedy:
          "see that a chart, or somebody's hand, makes it under that name; streams and certificates were judged without it",
        ...place,
      },
    ];
  }
  const listeners = listenersOf(gateway, parent);
  if (listeners.length === 0) {
    return [
      {
        message: `HTTPRoute ${route.name} asks for listener ${parent.sectionName ?? ""}${parent.port === undefined ? "" : ` on port ${parent.port}`} of Gateway ${name}, which has none of that name`,
        remedy: "name the Gateway's https listener",
        ...placeOf(route.owned, key("parentRefs"), chosenBy(parent)),
      },
    ];
  }
  const taking = listeners.filter((one) => takesRoutesOf(inspected, gateway, one, route.namespace));
  if (taking.length > 0) return whyNotAnswered(inspected, route, gateway, taking);
  const chosen = listeners.some(({ allowedRoutes }) => allowedRoutes?.namespaces?.from === "Selector");
  return [
    {
      message: `listener ${listeners.map((one) => one.name).join(", ")} of Gateway ${name} takes routes of ${chosen ? "the namespaces that it selects" : "its own namespace"} only, not HTTPRoute ${route.namespace}/${route.name}`,
      remedy: "ask for the https listener (sectionName: https); plain HTTP is redirected to it for all",
      ...placeOf(route.owned, key("parentRefs"), chosenBy(parent)),
    },
  ];
}

/** Of a host that no listener answers for, or whose TLS the Gateway does not end. */
function whyNotAnswered(
  { placeOf }: Inspected,
  route: Route,
  gateway: OwnedObject,
  listeners: readonly Listener[],
): Fault[] {
  const passing = listeners.filter(({ tls }) => tls?.mode === "Passthrough");
  if (passing.length === listeners.length) {
    return [
      {
        message: `listener ${passing.map(({ name }) => name).join(", ")} of ${titleOf(gateway)} passes TLS through, and takes no HTTPRoute`,
        remedy: "let tls.mode be Terminate, or leave it out",
        ...placeOf(gateway, key("mode")),
      },
    ];
  }
  const unanswered = route.hostnames.filter((host) => !listeners.some((one) => answersFor(one, host)));
  return unanswered.map((host) => ({
    message: `no listener of ${titleOf(gateway)} that takes HTTPRoute ${route.name} answers for ${host}: they are for ${listeners.map(({ hostname }) => hostname).join(", ")}`,
    remedy: "leave the listener's hostname out, or let it be a wildcard above the host",
    ...placeOf(gateway, key("listeners"), key("hostname")),
  }));
}

/** By its name a Gateway says for whom it is; that one is in the internet, its owner knows. */
function opened(inspected: Inspected): Fault[] {
  return everyRoute(inspected).flatMap(({ workspace: { facts }, route }) => {
    const parent = route.parents.find(({ name }) => /external|public|internet/i.test(name));
    const hosts = route.hostnames.filter((host) => !facts.publicDns?.published?.includes(host));
    if (!parent || hosts.length === 0) return [];
    return {
      message: `HTTPRoute ${route.name} hangs on Gateway ${parent.name}: from outside of the house a password is all that is between everybody and a shell`,
      remedy: "name the Gateway for the house, or list the host under `published` in outside.yaml",
      severity: "warning" as const,
      ...inspected.placeOf(route.owned, key("parentRefs"), parent.name),
    };
  });
}

/** A route on a listener without TLS that answers for a workspace's host with more than a redirect. */
function plainHttp(inspected: Inspected): Fault[] {
  const hosts = inspected.workspaces.flatMap(({ facts }) => facts.hosts.map(({ hostname }) => hostname));
  const leading = new Set(everyRoute(inspected).map(({ route }) => route.owned));
  return routesIn(inspected)
    .filter(
      ({ owned, hostnames }) =>
        leading.has(owned) || hostnames.some((name) => hosts.some((host) => covers(name, host))),
    )
    .filter(({ rules }) =>
      rules.some(({ filters = [] }) => !filters.some(({ type }) => type === "RequestRedirect")),
    )
    .filter((route) => route.parents.some((parent) => isPlain(inspected, route, parent)))
    .map((route) => ({
      message: `HTTPRoute ${route.namespace}/${route.name} serves a workspace without TLS`,
      remedy:
        "let it redirect to https, or hang it on the https listener: password and code would be readable",
      ...inspected.placeOf(route.owned, key("parentRefs"), key("sectionName")),
    }));
}

function isPlain(inspected: Inspected, route: Route, parent: ParentRef): boolean {
  const gateway = gatewayOf(inspected, route, parent);
  if (gateway === undefined) return false;
  return listenersOf(gateway, parent).some(
    (one) => one.protocol === "HTTP" && takesRoutesOf(inspected, gateway, one, route.namespace),
  );
}

function wildcards(inspected: Inspected): Fault[] {
  return everyRoute(inspected).flatMap(({ route }) =>
    route.hostnames
      .filter((host) => host.startsWith("*."))
      .map((host) => ({
        message: `HTTPRoute ${route.name} takes every host ${host}`,
        remedy: "name the workspace's own hosts: a mistyped name must lead to nobody's shell",
        ...inspected.placeOf(route.owned, key("hostnames"), "*."),
      })),
  );
}

function noChallenge(inspected: Inspected): Fault[] {
  return everyRoute(inspected)
    .filter(({ route }) =>
      route.rules
        .flatMap(({ filters = [] }) => filters)
        .some(({ responseHeaderModifier }) =>
          responseHeaderModifier?.remove?.some((name) => name.toLowerCase() === "www-authenticate"),
        ),
    )
    .map(({ route }) => ({
      message: `HTTPRoute ${route.name} takes away WWW-Authenticate, by which a browser asks for the password`,
      remedy: "leave that header in",
      ...inspected.placeOf(route.owned, /www-authenticate/i),
    }));
}

function noHost({ workspaces, objects }: Inspected): Fault[] {
  return workspaces
    .filter(({ facts }) => facts.hosts.length === 0)
    .map(({ facts, at }) => {
      const taken = workspaces.find(
        (other) =>
          other.facts.namespace === facts.namespace &&
          other.facts.services.length > 1 &&
          other.facts.hosts.length > 1 &&
          other.facts.sidecars.length === 0,
      );
      if (taken) {
        const services = taken.facts.services.map(({ name }) => name);
        return {
          message: `no HTTPRoute with a host leads to ${facts.name}: Services ${services.join(" and ")} all lead to ${taken.facts.name}`,
          remedy: `give one of them controller ${facts.release?.controller ?? facts.name}, or its selector`,
          severity: "error" as const,
          ...at(key("service"), key("controller"), key("controller")),
        };
      }
      const hasIngress = objects.in("Ingress", facts.namespace).length > 0;
      if (objects.all("Gateway").length === 0) {
        return {
          message: `no HTTPRoute with a host leads to ${facts.name}, and the home has no Gateway: how it is reached is not looked at`,
          remedy:
            "nothing to mend where an Ingress or a service mesh leads to it: what is judged here is the Gateway API",
          ...at(/^\s*(ingress|service):/),
        };
      }
      return {
        ...(hasIngress ? { severity: "error" as const } : {}),
        message: `no HTTPRoute with a host leads to ${facts.name}`,
        remedy:
          "write route: in the values, with hostnames and a Gateway of the home; an Ingress leads nowhere there",
        ...at(/^\s*(ingress|service):/),
      };
    });
}

export const routeRules = [
  rule({ id: "route-refused", title: "a listener takes each route", pitfalls: [9], find: refused }),
  rule({ id: "opened", title: "no workspace is reached from outside of the house", find: opened }),
  rule({ id: "plain-http", title: "no workspace is served without TLS", pitfalls: [9], find: plainHttp }),
  rule({ id: "wildcard-host", title: "each route names its hosts", pitfalls: [9], find: wildcards }),
  rule({ id: "no-challenge", title: "a browser is asked for the password", find: noChallenge }),
  rule({
    id: "no-route",
    title: "a host leads to each workspace",
    pitfalls: [9],
    severity: "warning",
    find: noHost,
  }),
];
