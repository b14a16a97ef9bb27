import { gatewayDeployOf } from "../../../home/index.ts";
import { isSelected, type LabelSelector } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, type InspectedWorkspace, titleOf } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";
import { ciliumOf } from "./cilium-policies.ts";

interface Peer {
  namespaceSelector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
  podSelector?: object;
  ipBlock?: object;
}

function closedToGateway(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const policies = inspected.of("NetworkPolicy").filter(({ object }) => selects(object, workspace));
    if (workspace.facts.hosts.length === 0) return [];
    const gateways = new Set(
      workspace.facts.hosts.flatMap(({ gateways }) => gateways.map(({ namespace }) => namespace)),
    );
    const { proxies, isKnown } = proxyNamespaces(inspected, [...gateways]);
    const cilium = ciliumOf(inspected, workspace, proxies);
    const isOpen =
      cilium.isAdmitted || policies.some(({ object }) => admits(inspected, object.spec, proxies));
    const first = cilium.denying?.policy ?? policies[0] ?? cilium.closing?.policy;
    if (!first || (isOpen && !cilium.denying) || proxies.length === 0) return [];
    return {
      message: `${titleOf(first)} lets no traffic of the Gateway (namespace ${proxies.join(", ")}) reach ${workspace.facts.name}`,
      remedy: `allow ingress from namespace ${proxies.join(", ")} (${first.object.kind.startsWith("Cilium") ? "k8s:io.kubernetes.pod.namespace" : "kubernetes.io/metadata.name"})`,
      ...(isKnown ? {} : { severity: "warning" as const, isBlocker: false }),
      ...inspected.placeOf(first, /ingress(Deny)?:/),
    };
  });
}

function selects(
  object: { metadata: { namespace?: string }; spec?: unknown },
  { facts, workload }: InspectedWorkspace,
): boolean {
  const { podSelector, policyTypes, egress } = (object.spec ?? {}) as {
    podSelector?: LabelSelector;
    policyTypes?: string[];
    egress?: unknown;
  };
  const types = policyTypes ?? (egress ? ["Ingress", "Egress"] : ["Ingress"]);
  return (
    object.metadata.namespace === facts.namespace &&
    types.includes("Ingress") &&
    isSelected(workload.podLabels, podSelector)
  );
}

/** Where Envoy's own pods stand: with the Gateway, or with its controller; else a guess. */
function proxyNamespaces(
  { home, of }: Inspected,
  gateways: string[],
): { proxies: string[]; isKnown: boolean } {
  if (gatewayDeployOf(home.rendered)?.type === "GatewayNamespace")
    return { proxies: gateways, isKnown: true };
  const controller = of("HelmRelease").find(({ object }) => object.metadata.name === "envoy-gateway");
  const { namespace } = controller?.object.metadata ?? {};
  return { proxies: [namespace ?? "envoy-gateway-system"], isKnown: namespace !== undefined };
}

function admits({ of }: Inspected, spec: unknown, namespaces: readonly string[]): boolean {
  const { ingress = [] } = (spec ?? {}) as { ingress?: { from?: Peer[] }[] };
  const labelsOf = (namespace: string): Record<string, string> => ({
    ...of("Namespace").find(({ object }) => object.metadata.name === namespace)?.object.metadata.labels,
    "kubernetes.io/metadata.name": namespace,
  });
  const isFrom = ({ namespaceSelector, ipBlock }: Peer, namespace: string) => {
    if (ipBlock || namespaceSelector?.matchExpressions) return true;
    if (!namespaceSelector) return false;
    return Object.entries(namespaceSelector.matchLabels ?? {}).every(
      ([label, value]) => labelsOf(namespace)[label] === value,
    );
  };
  return ingress.some(
    ({ from }) => !from?.length || from.some((peer) => namespaces.some((one) => isFrom(peer, one))),
  );
}

/** Whether the Gateway reaches a workspace at all. */
export const networkPolicyRules = [
  rule({
    id: "closed-to-gateway",
    title: "network policies let the Gateway in",
    isBlocker: true,
    find: closedToGateway,
  }),
];
