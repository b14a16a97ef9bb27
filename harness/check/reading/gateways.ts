import type { OwnedObject } from "../../home/index.ts";
import { type Inspected, type InspectedWorkspace, ownedNamed, specOf } from "./inspected.ts";

export interface Listener {
  name: string;
  port?: number;
  protocol: string;
  hostname?: string;
  allowedRoutes?: { namespaces?: { from?: string; selector?: { matchLabels?: Record<string, string> } } };
  tls?: { mode?: string; certificateRefs?: { name: string; namespace?: string }[] };
}

export interface ParentRef {
  name: string;
  namespace?: string;
  sectionName?: string;
  port?: number;
}

interface Header {
  name: string;
  value?: string;
}

/** Whose pages may ask, as HTTPRoutes and SecurityPolicies say it. */
export interface Cors {
  allowOrigins?: string[];
  allowCredentials?: boolean;
}

export interface Filter {
  type: string;
  cors?: Cors;
  responseHeaderModifier?: { remove?: string[]; set?: Header[]; add?: Header[] };
  requestHeaderModifier?: { remove?: string[]; set?: { name: string }[] };
  urlRewrite?: { path?: { replacePrefixMatch?: string; replaceFullPath?: string } };
  requestRedirect?: { scheme?: string; hostname?: string; port?: number; path?: object };
}

interface Rule {
  name?: string;
  timeouts?: { request?: string; backendRequest?: string };
  retry?: object;
  filters?: Filter[];
  backendRefs?: { name: string; namespace?: string; kind?: string; port?: number }[];
}

export interface Route {
  owned: OwnedObject;
  namespace: string;
  name: string;
  hostnames: string[];
  parents: ParentRef[];
  rules: Rule[];
}

export function routesIn({ of }: Inspected): Route[] {
  return of("HTTPRoute").map((owned) => {
    const { metadata, spec } = owned.object;
    const {
      hostnames = [],
      parentRefs = [],
      rules = [],
    } = (spec ?? {}) as {
      hostnames?: string[];
      parentRefs?: ParentRef[];
      rules?: Rule[];
    };
    return {
      owned,
      namespace: metadata.namespace ?? "",
      name: metadata.name,
      hostnames,
      parents: parentRefs,
      rules,
    };
  });
}

/** The routes that lead to a workspace's Services. */
export function routesOf(inspected: Inspected, { facts }: InspectedWorkspace): Route[] {
  const services = new Set(facts.services.map(({ name }) => name));
  return routesIn(inspected).filter(({ namespace, rules }) =>
    rules.some(({ backendRefs = [] }) =>
      backendRefs.some((one) => (one.namespace ?? namespace) === facts.namespace && services.has(one.name)),
    ),
  );
}

/** Each workspace with each route that leads to it. */
export const everyRoute = (inspected: Inspected): { workspace: InspectedWorkspace; route: Route }[] =>
  inspected.workspaces.flatMap((workspace) =>
    routesOf(inspected, workspace).map((route) => ({ workspace, route })),
  );

export function gatewayOf(
  inspected: Inspected,
  { namespace }: Route,
  parent: ParentRef,
): OwnedObject | undefined {
  return ownedNamed(inspected, "Gateway", { namespace: parent.namespace ?? namespace, name: parent.name });
}

/** Those that the route asks for, by name and port; all where it names none. */
export function listenersOf(gateway: OwnedObject, { sectionName, port }: ParentRef): Listener[] {
  const { listeners = [] } = specOf<{ listeners?: Listener[] }>(gateway);
  return listeners.filter(
    (one) =>
      (sectionName === undefined || one.name === sectionName) && (port === undefined || one.port === port),
  );
}

/** Whether a listener takes routes of a namespace: of its own unless it says otherwise. */
export function takesRoutesOf(
  { objects }: Inspected,
  gateway: OwnedObject,
  { allowedRoutes }: Listener,
  namespace: string,
): boolean {
  const { from = "Same", selector } = allowedRoutes?.namespaces ?? {};
  if (from === "Same") return gateway.object.metadata.namespace === namespace;
  if (from !== "Selector") return true;
  const { labels } =
    objects.all("Namespace").find(({ metadata }) => metadata.name === namespace)?.metadata ?? {};
  const has: Record<string, string> = { ...labels, "kubernetes.io/metadata.name": namespace };
  return Object.entries(selector?.matchLabels ?? {}).every(([label, value]) => has[label] === value);
}

/** Whether a listener answers for a host: a wildcard stands for one label or more, unlike in a certificate. */
export function answersFor({ hostname }: Listener, host: string): boolean {
  if (!hostname) return true;
  const isBelow = (wildcard: string, name: string) =>
    wildcard.startsWith("*.") && name.endsWith(wildcard.slice(1));
  return hostname === host || isBelow(hostname, host) || isBelow(host, hostname);
}

/** Whether a name of a certificate covers a host: a wildcard stands for one label. */
export function covers(dnsName: string, host: string): boolean {
  return dnsName === host || (dnsName.startsWith("*.") && host.replace(/^[^.]+/, "*") === dnsName);
}

interface Target {
  kind?: string;
  name?: string;
  matchLabels?: Record<string, string>;
}

interface Targets {
  targetRef?: Target;
  targetRefs?: Target[];
  targetSelectors?: Target[];
}

/** The policies of a kind that reach an object of their own namespace. */
export function policiesFor({ of }: Inspected, kind: string, target: OwnedObject): OwnedObject[] {
  const { namespace, name, labels = {} } = target.object.metadata;
  const reaches = (one: OwnedObject) => {
    const { targetRef, targetRefs = [], targetSelectors = [] } = specOf<Targets>(one);
    const isKind = (ref: Target) => ref.kind === target.object.kind;
    const byName = [...(targetRef ? [targetRef] : []), ...targetRefs].some(
      (ref) => isKind(ref) && ref.name === name,
    );
    const byLabel = targetSelectors.some(
      (ref) =>
        isKind(ref) &&
        Object.entries(ref.matchLabels ?? {}).every(([label, value]) => labels[label] === value),
    );
    return byName || byLabel;
  };
  return of(kind).filter((one) => one.object.metadata.namespace === namespace && reaches(one));
}

/** The policies of a kind that count for a route: its own, else its Gateways'. */
export function policiesInForce(inspected: Inspected, kind: string, route: Route): OwnedObject[] {
  const own = policiesFor(inspected, kind, route.owned);
  const gateways = route.parents.flatMap((parent) => gatewayOf(inspected, route, parent) ?? []);
  return own.length > 0 ? own : gateways.flatMap((gateway) => policiesFor(inspected, kind, gateway));
}

/** The policies of a kind that count for workspaces, each once. */
export function policiesOfWorkspaces(inspected: Inspected, kind: string): OwnedObject[] {
  return [...new Set(everyRoute(inspected).flatMap(({ route }) => policiesInForce(inspected, kind, route)))];
}
