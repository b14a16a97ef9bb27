import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import {
  eachWorkspace,
  type Inspected,
  type InspectedWorkspace,
  specOf,
  titleOf,
} from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";
import { closedByCilium } from "./cilium-policies.ts";

interface Port {
  port?: number | string;
  endPort?: number;
  protocol?: string;
}

interface Peer {
  namespaceSelector?: object;
  podSelector?: object;
  ipBlock?: { cidr?: string };
}

interface Spec {
  podSelector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
  policyTypes?: string[];
  egress?: { to?: Peer[]; ports?: Port[] }[];
}

/** The policies by which a pod may reach only what one of them names. */
function limiting({ of }: Inspected, { facts, workload }: InspectedWorkspace): OwnedObject[] {
  return of("NetworkPolicy").filter((one) => {
    const { podSelector = {}, policyTypes, egress } = specOf<Spec>(one);
    const types = policyTypes ?? (egress ? ["Ingress", "Egress"] : ["Ingress"]);
    return (
      one.object.metadata.namespace === facts.namespace &&
      types.includes("Egress") &&
      !podSelector.matchExpressions?.length &&
      Object.entries(podSelector.matchLabels ?? {}).every(
        ([label, value]) => workload.podLabels[label] === value,
      )
    );
  });
}

const isOpen = (ports: readonly Port[] | undefined, wanted: number): boolean =>
  !ports?.length ||
  ports.some(
    ({ port, endPort }) =>
      port === undefined ||
      typeof port === "string" ||
      port === wanted ||
      (endPort !== undefined && port <= wanted && wanted <= endPort),
  );

/** Names are asked of a pod of the cluster; a policy that names peers may mean it, and is believed. */
function closed(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const policies = limiting(inspected, workspace);
  const rules = policies.flatMap((one) => specOf<Spec>(one).egress ?? []);
  const [first] = policies;
  if (!first) return [];
  const isOutside = ({ to }: { to?: Peer[] }) =>
    !to?.length || to.some(({ ipBlock }) => ipBlock !== undefined);
  const asksNames = rules.some(({ ports }) => isOpen(ports, 53));
  const goesOut = rules.some((one) => isOutside(one) && isOpen(one.ports, 443));
  if (asksNames && goesOut) return [];
  const what = asksNames ? "GitHub and Copilot" : "the cluster's DNS";
  return [
    {
      message: `${titleOf(first)} lets ${workspace.facts.name} not reach ${what}: nothing is cloned, and no prompt is answered`,
      // It may go by way of a proxy that is named.
      ...(asksNames && rules.length > 0 ? { severity: "warning" as const } : {}),
      remedy: "allow egress to port 53 of kube-system (UDP and TCP), and to port 443 outside of the cluster",
      ...inspected.placeOf(first, /egress:|Egress/),
    },
  ];
}

/** Whom a workspace may reach. */
export const egressRules = [
  rule({
    id: "closed-outwards",
    title: "network policies let workspaces out",
    find: (inspected) => [...eachWorkspace(closed)(inspected), ...closedByCilium(inspected)],
  }),
];
