import type { Fault } from "../../finding.ts";
import { everyRoute, type Route } from "../../reading/gateways.ts";
import { type Inspected, type InspectedWorkspace, ownedNamed } from "../../reading/inspected.ts";
import { knownPorts } from "../../reading/listening.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

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
  const service = ownedNamed(inspected, "Service", { namespace: facts.namespace, name: backend.name });
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

/** To which ports routes lead. */
export const routePortRules = [
  rule({
    id: "route-port",
    title: "each route leads to the port on which OpenCode listens",
    pitfalls: [9],
    find: wrongPorts,
  }),
];
