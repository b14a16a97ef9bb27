import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import { escapeRegExp } from "../../../base/index.ts";
import { type Workload, workloadsIn } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface ServiceSpec {
  type?: string;
  selector?: Record<string, string>;
  ports?: { port: number; targetPort?: number | string; protocol?: string }[];
  externalIPs?: string[];
}

/** Containers that stay: a native sidecar is an init container that is started again. */
const listening = ({ containers, initContainers = [] }: V1PodSpec): V1Container[] => [
  ...containers,
  ...initContainers.filter((one) => (one as { restartPolicy?: string }).restartPolicy === "Always"),
];

const isChosen = (selector: Record<string, string>, { podLabels }: Workload): boolean =>
  Object.entries(selector).every(([label, value]) => podLabels[label] === value);

/** Services of ours that select no pod, or open the workspace beside the Gateway. */
function services(inspected: Inspected): Fault[] {
  const { of, concernsUs, home, workspaces, placeOf } = inspected;
  const others = workloadsIn(home.rendered);
  return of("Service")
    .filter(concernsUs)
    .flatMap((one) => {
      const { type = "ClusterIP", selector = {}, ports = [], externalIPs = [] } = specOf<ServiceSpec>(one);
      const { name, namespace } = one.object.metadata;
      const chosen = workspaces.filter(
        ({ facts, workload }) => facts.namespace === namespace && isChosen(selector, workload),
      );
      const near = workspaces.find(({ object }) => object.owner === one.owner);
      const ofOthers = others.some(
        (workload) => workload.namespace === namespace && isChosen(selector, workload),
      );
      const isEmpty =
        Object.keys(selector).length > 0 && chosen.length === 0 && near !== undefined && !ofOthers;
      const open = ["LoadBalancer", "NodePort"].includes(type) && chosen.length > 0;
      const named = new Set(
        chosen.flatMap(({ workload }) =>
          listening(workload.pod).flatMap(({ ports: own = [] }) => own.map((port) => port.name)),
        ),
      );
      const unknown = ports.find(
        ({ targetPort }) => typeof targetPort === "string" && chosen.length > 0 && !named.has(targetPort),
      );
      const shut = ports.find(({ protocol = "TCP" }) => protocol !== "TCP" && chosen.length > 0);
      return [
        ...(externalIPs.length > 0 && chosen.length > 0
          ? [
              {
                message: `Service ${name} has the addresses ${externalIPs.join(", ")} of its own: who sends to them reaches the workspace, without TLS and beside the Gateway`,
                remedy: "leave externalIPs out: the Gateway comes through the cluster",
                ...placeOf(one, one.by.release ? key("service") : key("spec"), key("externalIPs")),
              },
            ]
          : []),
        ...(type === "ExternalName" && near
          ? [
              {
                message: `Service ${name} is only another name for a host (ExternalName), and leads to no pod: the Gateway answers with 500`,
                remedy: "leave type and externalName out",
                ...placeOf(one, one.by.release ? key("service") : key("spec"), key("type")),
              },
            ]
          : []),
        ...(shut
          ? [
              {
                message: `Service ${name} has port ${shut.port} for ${shut.protocol}, and a route leads to TCP ports only: it finds none`,
                remedy: "leave protocol out",
                ...placeOf(one, one.by.release ? key("service") : key("spec"), key("protocol")),
              },
            ]
          : []),
        ...(isEmpty
          ? [
              {
                message: `Service ${name} selects no pod: none has ${Object.entries(selector)
                  .map((pair) => pair.join(": "))
                  .join(", ")}`,
                remedy: `let its selector be the labels of ${near?.facts.name}`,
                ...placeOf(one, new RegExp(`name: ["']?${escapeRegExp(name)}`), key("selector")),
              },
            ]
          : []),
        ...(open
          ? [
              {
                message: `Service ${name} is a ${type}: whoever reaches a node reaches the workspace, without TLS and beside the Gateway`,
                remedy: "leave type out: the Gateway comes through the cluster",
                ...placeOf(one, one.by.release ? key("service") : key("spec"), key("type")),
              },
            ]
          : []),
        ...(unknown
          ? [
              {
                message: `Service ${name} leads to the port called ${unknown.targetPort}, which no container has`,
                remedy:
                  "write the number on which OpenCode listens, or the name that the container gives its port",
                ...placeOf(one, new RegExp(`name: ["']?${escapeRegExp(name)}|service:`), key("targetPort")),
              },
            ]
          : []),
      ];
    });
}

/** What Services select, and whom they let in. */
export const serviceRules = [
  rule({
    id: "service",
    title: "Services lead to workspaces, for the Gateway only",
    pitfalls: [9],
    find: services,
  }),
];
