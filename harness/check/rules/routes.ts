import { escapeRegExp } from "../../base/index.ts";
import type { Fault } from "../finding.ts";
import {
  covers,
  gatewayOf,
  listenersOf,
  type ParentRef,
  type Route,
  routesIn,
  routesOf,
  takesRoutesOf,
} from "../gateways.ts";
import type { Inspected, InspectedWorkspace } from "../inspected.ts";
import { knownPorts } from "../listening.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

const everyRoute = (inspected: Inspected) =>
  inspected.workspaces.flatMap((workspace) =>
    routesOf(inspected, workspace).map((route) => ({ workspace, route })),
  );

function refused(inspected: Inspected): Fault[] {
  return everyRoute(inspected).flatMap(({ route }) =>
    route.parents.flatMap((parent) => whyRefused(inspected, route, parent)),
  );
}

function whyRefused(inspected: Inspected, route: Route, parent: ParentRef): Fault[] {
  const { placeOf } = inspected;
  const name = `${parent.namespace ?? route.namespace}/${parent.name}`;
  const gateway = gatewayOf(inspected, route, parent);
  if (!gateway) {
    const hasNone = inspected.of("Gateway").length === 0;
    return [
      {
        ...(hasNone ? { severity: "warning" as const } : {}),
        message: `HTTPRoute ${route.name} asks Gateway ${name} to take it, which the home does not have`,
        remedy: `name one that is there: ${
          inspected
            .of("Gateway")
            .map(({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}`)
            .join(", ") || "none is"
        }`,
        ...placeOf(route.owned, key("parentRefs"), parent.name),
      },
    ];
  }
  const listeners = listenersOf(gateway, parent);
  if (listeners.length === 0) {
    return [
      {
        message: `HTTPRoute ${route.name} asks for listener ${parent.sectionName} of Gateway ${name}, which has none of that name`,
        remedy: "name the Gateway's https listener",
        ...placeOf(route.owned, key("parentRefs"), key("sectionName")),
      },
    ];
  }
  if (listeners.some((one) => takesRoutesOf(inspected, gateway, one, route.namespace))) return [];
  const chosen = listeners.some(({ allowedRoutes }) => allowedRoutes?.namespaces?.from === "Selector");
  return [
    {
      message: `listener ${listeners.map((one) => one.name).join(", ")} of Gateway ${name} takes routes of ${chosen ? "the namespaces that it selects" : "its own namespace"} only, not HTTPRoute ${route.namespace}/${route.name}`,
      remedy: "ask for the https listener (sectionName: https); plain HTTP is redirected to it for all",
      ...placeOf(route.owned, key("parentRefs"), key("sectionName")),
    },
  ];
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

function wrongPorts(inspected: Inspected): Fault[] {
  return everyRoute(inspected).flatMap(({ workspace, route }) =>
    route.rules
      .flatMap(({ backendRefs = [] }) => backendRefs)
      .flatMap((backend) => whyNoAnswer(inspected, workspace, route, backend)),
  );
}

interface ServicePort {
  name?: string;
  port: number;
  targetPort?: number | string;
}

function whyNoAnswer(
  inspected: Inspected,
  workspace: InspectedWorkspace,
  route: Route,
  backend: { name: string; port?: number },
): Fault[] {
  const { facts, workload, at } = workspace;
  const service = inspected
    .of("Service")
    .find(
      ({ object: { metadata } }) => metadata.name === backend.name && metadata.namespace === facts.namespace,
    );
  const { ports = [] } = (service?.object.spec ?? {}) as { ports?: ServicePort[] };
  const found = ports.find(({ port }) => port === backend.port);
  if (!service) return [];
  if (!found) {
    return [
      {
        message: `HTTPRoute ${route.name} leads to port ${backend.port} of Service ${backend.name}, which has ${ports.map(({ port }) => port).join(", ")}`,
        remedy: "give route and Service the same port",
        ...inspected.placeOf(route.owned, key("service"), key("port")),
      },
    ];
  }
  const { targetPort = found.port } = found;
  const container = workload.pod.containers.flatMap(({ ports = [] }) => ports);
  const target =
    typeof targetPort === "number"
      ? targetPort
      : container.find(({ name }) => name === targetPort)?.containerPort;
  const known = knownPorts(workspace);
  const isSidecars = facts.sidecars.length > 0;
  const isOpen = target !== undefined && (known.length === 0 || known.includes(target));
  if (isOpen || isSidecars) return [];
  return [
    {
      message: `Service ${backend.name} leads to port ${targetPort} of the pod, and OpenCode listens on ${facts.port}`,
      remedy: `let targetPort be ${facts.port}`,
      ...at(key("service"), /targetPort|port:/),
    },
  ];
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

/** A record of external-dns's would be made, and the owner does not say that the world may know the host. */
function publicHosts(inspected: Inspected): Fault[] {
  return everyRoute(inspected).flatMap(({ workspace: { facts }, route }) => {
    const asked = Object.entries(facts.publicDns?.annotations ?? {});
    const has = route.owned.object.metadata.annotations ?? {};
    if (asked.length === 0 || !asked.every(([key, value]) => has[key] === value)) return [];
    const published = facts.publicDns?.published;
    return route.hostnames
      .filter((host) => !published?.includes(host))
      .map((host) => ({
        ...(published ? { severity: "error" as const } : {}),
        message: `HTTPRoute ${route.name} makes external-dns publish ${host}: everybody can look up that it is there`,
        remedy: `take ${asked.map(([key]) => key).join(", ")} off the route, or list the host under \`published\` in outside.yaml`,
        ...inspected.placeOf(route.owned, new RegExp(asked.map(([key]) => escapeRegExp(key)).join("|"))),
      }));
  });
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
  rule({ id: "plain-http", title: "no workspace is served without TLS", pitfalls: [9], find: plainHttp }),
  rule({
    id: "route-port",
    title: "each route leads to the port on which OpenCode listens",
    pitfalls: [9],
    find: wrongPorts,
  }),
  rule({ id: "wildcard-host", title: "each route names its hosts", pitfalls: [9], find: wildcards }),
  rule({
    id: "public-host",
    title: "external-dns publishes no host that its owner does not publish",
    severity: "warning",
    find: publicHosts,
  }),
  rule({ id: "no-challenge", title: "a browser is asked for the password", find: noChallenge }),
  rule({
    id: "no-route",
    title: "a host leads to each workspace",
    pitfalls: [9],
    severity: "warning",
    find: noHost,
  }),
];
