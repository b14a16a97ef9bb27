import type { Fault } from "../../finding.ts";
import {
  type CiliumPeers,
  type CiliumRule,
  ciliumRules,
  isAboutPort,
  isForAll,
  meansPodOf,
} from "../../reading/cilium.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";

/** Whether an entry names pods of a namespace, Envoy's own for instance. */
const isFrom = (
  inspected: Inspected,
  { policy }: CiliumRule,
  peers: CiliumPeers,
  namespace: string,
): boolean =>
  isForAll(peers) ||
  (peers.fromEntities ?? []).some((entity) => entity === "all" || entity === "cluster") ||
  (peers.fromEndpoints ?? []).some((selector) => meansPodOf(inspected, policy, selector, namespace));

/** What Cilium's policies say of the Gateway's way to a workspace: none of them is about it, one lets it in, or one keeps it out. */
export function ciliumOf(
  inspected: Inspected,
  workspace: InspectedWorkspace,
  proxies: readonly string[],
): { isAdmitted: boolean; closing?: CiliumRule; denying?: CiliumRule } {
  const rules = ciliumRules(inspected, workspace, "ingress");
  const { port } = workspace.facts;
  const names = (rule: CiliumRule, peers: CiliumPeers) =>
    isAboutPort(peers, port) && proxies.some((one) => isFrom(inspected, rule, peers, one));
  const denying = rules.find((rule) => rule.denied.some((peers) => names(rule, peers)));
  const isAdmitted = rules.some((rule) => rule.allowed.some((peers) => names(rule, peers)));
  const closing = rules.find(({ isClosing }) => isClosing);
  return { isAdmitted, ...(closing ? { closing } : {}), ...(denying ? { denying } : {}) };
}

const ofNodes = new Set(["host", "remote-node"]);

/** Names are asked of kube-system's pods; everybody else is outside of the cluster. */
const asksNames = (inspected: Inspected, { policy }: CiliumRule, peers: CiliumPeers): boolean =>
  isAboutPort(peers, 53, "UDP") &&
  (isForAll(peers) ||
    ["toServices", "toGroups"].some((field) => field in peers) ||
    (peers.toEntities ?? []).some((entity) => entity === "all" || entity === "cluster") ||
    // A resolver of the nodes' own: then its port is named.
    (peers.toPorts !== undefined && (peers.toEntities ?? []).some((entity) => ofNodes.has(entity))) ||
    (peers.toEndpoints ?? []).some((selector) => meansPodOf(inspected, policy, selector, "kube-system")));

const goesOut = (peers: CiliumPeers): boolean =>
  isAboutPort(peers, 443) &&
  (isForAll(peers) ||
    ["toCIDR", "toCIDRSet", "toFQDNs", "toServices", "toGroups"].some((field) => field in peers) ||
    (peers.toEntities ?? []).some((entity) => /^(?:all|world(?:-ipv[46])?)$/.test(entity)));

/** A proxy that is named in the pod's environment is somebody inside. */
const hasProxy = ({ containers }: InspectedWorkspace) =>
  containers.some(({ program }) =>
    Object.keys(program.variables).some((name) => /^https?_proxy$/i.test(name)),
  );

export const closedByCilium = eachWorkspace((workspace, inspected): Fault[] => {
  const { facts } = workspace;
  const rules = ciliumRules(inspected, workspace, "egress");
  const first = rules.find(({ isClosing }) => isClosing);
  // What those of Kubernetes let out is added to it.
  if (
    !first ||
    inspected.of("NetworkPolicy").some(({ object }) => object.metadata.namespace === facts.namespace)
  )
    return [];
  const all = rules.flatMap((rule) => rule.allowed.map((peers) => ({ rule, peers })));
  const place = inspected.placeOf(first.policy, key("egress"));
  const out = all.filter(({ peers }) => goesOut(peers));
  const resolving = all.filter(({ rule, peers }) => asksNames(inspected, rule, peers));
  const remedy =
    "allow egress to port 53 of kube-system (with rules.dns where toFQDNs is used), and to port 443 of entity world";
  const told = (message: string): Fault[] => [
    { message: `${titleOf(first.policy)} ${message}`, remedy, ...place },
  ];
  if (resolving.length === 0)
    return told(
      `lets ${facts.name} not reach the cluster's DNS: nothing is cloned, and no prompt is answered`,
    );
  if (out.length === 0 && !hasProxy(workspace))
    return told(
      `lets ${facts.name} not reach GitHub and Copilot: nothing is cloned, and no prompt is answered`,
    );
  const isByName = out.length > 0 && out.every(({ peers }) => peers.toFQDNs !== undefined);
  const isSeen = resolving.some(({ peers }) => peers.toPorts?.some(({ rules: of }) => of?.dns !== undefined));
  if (isByName && !isSeen)
    return told(
      `lets ${facts.name} out by names (toFQDNs), and lets Cilium see no answer of the DNS (rules.dns): it knows no address of them, and nothing goes out`,
    );
  return [];
});
