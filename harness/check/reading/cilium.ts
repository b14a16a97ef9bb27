import type { OwnedObject } from "../../home/index.ts";
import type { Inspected, InspectedWorkspace } from "./inspected.ts";

/* Policies of Cilium, which only add to each other and to those of Kubernetes; what is denied stays denied. */

interface Selector {
  matchLabels?: Record<string, string> | null;
  matchExpressions?: { key: string; operator: string; values?: string[] }[] | null;
}

export interface Ports {
  ports?: { port?: string | number; endPort?: number; protocol?: string }[];
  rules?: { dns?: unknown[] };
}

/** One entry of a direction. Whoever is named in none of the fields but `toPorts` is everybody; an empty one is nobody. */
export interface CiliumPeers {
  fromEndpoints?: Selector[];
  toEndpoints?: Selector[];
  fromEntities?: string[];
  toEntities?: string[];
  toFQDNs?: unknown[];
  toPorts?: Ports[];
  [field: string]: unknown;
}

interface Spec {
  endpointSelector?: Selector;
  nodeSelector?: Selector;
  ingress?: CiliumPeers[];
  ingressDeny?: CiliumPeers[];
  egress?: CiliumPeers[];
  egressDeny?: CiliumPeers[];
  enableDefaultDeny?: { ingress?: boolean; egress?: boolean };
}

/** What one policy says of a workspace's pods, in one direction. */
export interface CiliumRule {
  policy: OwnedObject;
  allowed: CiliumPeers[];
  denied: CiliumPeers[];
  /** Whether what nobody allows is refused from then on. */
  isClosing: boolean;
}

export const ciliumKinds = ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"] as const;

/** Of labels Cilium tells where they come from: `k8s:app`, `any:app`. */
const plain = (label: string): string => label.replace(/^(?:k8s|any)[:.]/, "");

const namespaceLabel = "io.kubernetes.pod.namespace";
const ofNamespace = "io.cilium.k8s.namespace.labels.";

/** A pod's labels as selectors know them; what is not known of it is undefined and may be anything. */
type Labels = (label: string) => string | undefined;

const labelsOf =
  ({ of }: Inspected, namespace: string, own: Record<string, string | undefined> | undefined): Labels =>
  (label) => {
    const name = plain(label);
    if (name === namespaceLabel) return namespace;
    if (!name.startsWith(ofNamespace)) return own?.[name];
    const key = name.slice(ofNamespace.length);
    const found = of("Namespace").find(({ object }) => object.metadata.name === namespace);
    return key === "kubernetes.io/metadata.name" ? namespace : found?.object.metadata.labels?.[key];
  };

/** Whether a selector takes a pod; of `unknown` labels it is believed to. */
function selects({ matchLabels, matchExpressions }: Selector, labels: Labels, isKnown: boolean): boolean {
  const holds = (label: string, isSo: (value: string | undefined) => boolean) => {
    const value = labels(label);
    return value === undefined && !isKnown && !plain(label).startsWith("io.") ? true : isSo(value);
  };
  return (
    Object.entries(matchLabels ?? {}).every(([label, wanted]) => holds(label, (value) => value === wanted)) &&
    (matchExpressions ?? []).every(({ key, operator, values = [] }) =>
      holds(key, (value) => {
        if (operator === "Exists") return value !== undefined;
        if (operator === "DoesNotExist") return value === undefined;
        return (value !== undefined && values.includes(value)) === (operator === "In");
      }),
    )
  );
}

/** Whether a selector of a policy may mean a pod of another namespace: without a word about it, it means its own. */
export function meansPodOf(
  inspected: Inspected,
  policy: OwnedObject,
  selector: Selector,
  namespace: string,
): boolean {
  const labels = [
    ...Object.keys(selector.matchLabels ?? {}),
    ...(selector.matchExpressions ?? []).map(({ key }) => key),
  ].map(plain);
  const saysWhere = labels.some((label) => label === namespaceLabel || label.startsWith(ofNamespace));
  const isAnywhere = policy.object.kind !== "CiliumNetworkPolicy" || saysWhere;
  if (!isAnywhere && policy.object.metadata.namespace !== namespace) return false;
  return selects(selector, labelsOf(inspected, namespace, undefined), false);
}

/** What policies say of one direction of a workspace. */
export function ciliumRules(
  inspected: Inspected,
  { facts: { namespace }, workload }: InspectedWorkspace,
  direction: "ingress" | "egress",
): CiliumRule[] {
  const own = labelsOf(inspected, namespace, workload.podLabels);
  return ciliumKinds.flatMap(inspected.of).flatMap((policy) => {
    const { spec, specs = [] } = policy.object as { spec?: Spec; specs?: Spec[] };
    const isNear =
      policy.object.kind !== "CiliumNetworkPolicy" || policy.object.metadata.namespace === namespace;
    return [spec, ...specs].flatMap((one) => {
      if (!isNear || !one?.endpointSelector || !selects(one.endpointSelector, own, true)) return [];
      const [allowed = [], denied = []] = [one[direction], one[`${direction}Deny`]];
      const isClosing = one.enableDefaultDeny?.[direction] ?? allowed.length + denied.length > 0;
      return isClosing || allowed.length + denied.length > 0 ? [{ policy, allowed, denied, isClosing }] : [];
    });
  });
}

/** Whether an entry is about a port; a name and 0 may be any. */
export const isAboutPort = ({ toPorts }: CiliumPeers, wanted: number, protocol = "TCP"): boolean =>
  !toPorts?.length ||
  toPorts.some(
    ({ ports }) =>
      !ports?.length ||
      ports.some((one) => {
        const port = Number(one.port ?? 0);
        const isIn =
          port === wanted || (one.endPort !== undefined && port <= wanted && wanted <= one.endPort);
        const isSame = (one.protocol ?? "ANY") === "ANY" || one.protocol === protocol;
        return (isIn || port === 0 || Number.isNaN(port)) && isSame;
      }),
  );

/** Whether an entry names nobody, and so means everybody on its ports. */
export const isForAll = (peers: CiliumPeers): boolean =>
  peers.toPorts !== undefined && !Object.keys(peers).some((field) => /^(from|to)(?!Ports)[A-Z]/.test(field));
