import { z } from "zod";
import type { WorkspaceFacts } from "../workspace-facts.ts";
import type { Objects } from "./objects.ts";
import type { Workload } from "./workload.ts";

type Service = WorkspaceFacts["services"][number];
type Host = WorkspaceFacts["hosts"][number];

const routeSpec = z.looseObject({
  hostnames: z.array(z.string()).default([]),
  parentRefs: z
    .array(
      z.looseObject({
        name: z.string(),
        namespace: z.string().optional(),
        sectionName: z.string().optional(),
      }),
    )
    .default([]),
  rules: z
    .array(
      z.looseObject({
        backendRefs: z
          .array(
            z.looseObject({
              name: z.string(),
              namespace: z.string().optional(),
              kind: z.string().default("Service"),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** The Services that lead to a workload's pods, and the hosts that lead to those. */
export function networkOf(workload: Workload, objects: Objects): { services: Service[]; hosts: Host[] } {
  const services = servicesOf(workload, objects);
  const hosts: Host[] = [];
  const used = new Set<string>();
  for (const { metadata, spec } of objects.all("HTTPRoute")) {
    const parsed = routeSpec.safeParse(spec);
    if (!parsed.success) continue;
    const { namespace = "", name } = metadata;
    const backends = parsed.data.rules.flatMap(({ backendRefs }) => backendRefs);
    const ours = backends.filter(
      (backend) =>
        backend.kind === "Service" &&
        (backend.namespace ?? namespace) === workload.namespace &&
        services.some((service) => service.name === backend.name),
    );
    if (ours.length === 0) continue;
    for (const backend of ours) used.add(backend.name);
    const gateways = parsed.data.parentRefs.map(({ name, namespace: other, sectionName }) => ({
      namespace: other ?? namespace,
      name,
      ...(sectionName === undefined ? {} : { sectionName }),
    }));
    hosts.push(
      ...parsed.data.hostnames.map((hostname) => ({ hostname, route: { namespace, name }, gateways })),
    );
  }
  const first = services.filter(({ name }) => used.has(name));
  return { services: [...first, ...services.filter(({ name }) => !used.has(name))], hosts };
}

function servicesOf({ namespace, podLabels }: Workload, objects: Objects): Service[] {
  return objects.in("Service", namespace).flatMap(({ metadata, spec }) => {
    const { selector = {}, ports = [] } = spec as {
      selector?: Record<string, string>;
      ports?: { port: number }[];
    };
    const wanted = Object.entries(selector);
    const selects = wanted.length > 0 && wanted.every(([label, value]) => podLabels[label] === value);
    return selects ? [{ name: metadata.name, ports: ports.map(({ port }) => port) }] : [];
  });
}
