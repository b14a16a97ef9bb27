import type { HarnessError, ManifestPlace } from "../base/index.ts";
import type { AnyObject, ObjectClient, ObjectSelection } from "../cluster/index.ts";
import { certificateNames, route as routeOf, trafficPolicy, workspaceIn } from "../diagnosis/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import { certificates, coveringOf } from "./covering-certificates.ts";
import type { Condition, ParentRef } from "./gateway-api.ts";

/** Something on the way to a workspace that is not as it should be, by its own words. */
export interface WayTrouble {
  message: string;
  /** Words by which a failure has it already. */
  words: string[];
  remedy: string;
  look: ManifestPlace[];
}

const apiVersion = "gateway.networking.k8s.io/v1";
const policyKinds = ["BackendTrafficPolicy", "SecurityPolicy", "ClientTrafficPolicy"];

/** What was seen from outside, and not what an object says: of that the failure knows the cause itself. */
const seenFromOutside = /https?:\/\/|cut after|cannot be opened|\bbrowser\b/i;

/** Whether a failure can come of the way through the gateway at all. */
export const isOnTheWay = ({ message }: Pick<HarnessError, "message">): boolean =>
  seenFromOutside.test(message);

/**
 * Routes that take a host from each other, and routes, policies, gateways and certificates of these workspaces that are
 * refused or not Ready, each in the words of its own status.
 */
export async function troublesOnTheWay(
  objects: Pick<ObjectClient, "all">,
  workspaces: readonly WorkspaceFacts[],
): Promise<WayTrouble[]> {
  // A kind that nobody serves has no object that could be wrong.
  const every = (selection: ObjectSelection) => objects.all(selection).catch((): AnyObject[] => []);
  const [routes, gateways, issued, ...policies] = await Promise.all([
    every({ apiVersion, kind: "HTTPRoute" }),
    every({ apiVersion, kind: "Gateway" }),
    every(certificates),
    ...policyKinds.map((kind) => every({ apiVersion: "gateway.envoyproxy.io/v1alpha1", kind })),
  ]);
  return workspaces.flatMap((workspace) => {
    const hosts = workspace.hosts.map(({ hostname }) => hostname);
    const own = routes.filter((one) => workspace.hosts.some(({ route }) => isNamed(one, route)));
    const taken = gateways.filter((one) =>
      workspace.hosts.some((host) => host.gateways.some((gateway) => isNamed(one, gateway))),
    );
    return [
      ...hosts.flatMap((host) => sharedHost(workspace.name, host, routes, gateways)),
      ...own.flatMap((one) => refusedRoute(workspace.name, one)),
      ...policies.flat().flatMap((one) => refusedPolicy(workspace.name, one, [...own, ...taken])),
      ...taken.flatMap((gateway) => unreadyGateway(gateway, sectionsOf(workspace, gateway))),
      ...hosts.flatMap((host) => coveringOf(issued, host).flatMap(unreadyCertificate)),
    ];
  });
}

/** The listeners of a Gateway that the workspace's routes name; undefined where one names none, and so takes any. */
function sectionsOf({ hosts }: WorkspaceFacts, gateway: AnyObject): (string | undefined)[] {
  return hosts.flatMap(({ gateways }) =>
    gateways.filter((one) => isNamed(gateway, one)).map(({ sectionName }) => sectionName),
  );
}

const isNamed = ({ metadata }: AnyObject, { namespace, name }: { namespace: string; name: string }) =>
  metadata?.namespace === namespace && metadata.name === name;

const nameOf = ({ kind, metadata }: AnyObject) => `${kind} ${metadata?.namespace}/${metadata?.name}`;

/** Envoy Gateway gives a host and a path to the oldest route, and says so nowhere. */
function sharedHost(
  workspace: string,
  hostname: string,
  routes: readonly AnyObject[],
  gateways: readonly AnyObject[],
): WayTrouble[] {
  const wanting = routes
    .filter(({ spec }) => (spec?.hostnames as string[] | undefined)?.includes(hostname))
    .toSorted((one, other) => ageOf(one) - ageOf(other));
  const [first, second] = wanting.filter((one) =>
    wanting.some((other) => other !== one && doMeet(one, other, gateways)),
  );
  if (!first || !second) return [];
  return [
    {
      message: `${nameOf(first)} and ${nameOf(second)} both want https://${hostname}/: the gateway gives it to the older one`,
      words: [],
      remedy: "give each workspace a host name of its own (pitfall 9)",
      // Whose host it is nobody says: the owner sees both.
      look: [second, first].map((route) => routeOf(workspaceIn(nameOf(route)) ?? workspace, "hostnames")),
    },
  ];
}

const ageOf = ({ metadata }: AnyObject) => new Date(metadata?.creationTimestamp ?? 0).getTime();

/** On one listener with TLS, for the same requests. */
function doMeet(one: AnyObject, other: AnyObject, gateways: readonly AnyObject[]): boolean {
  const hasParent = parentsOf(one).some((parent) =>
    parentsOf(other).some(
      (candidate) =>
        candidate.name === parent.name &&
        candidate.namespace === parent.namespace &&
        (candidate.sectionName ?? parent.sectionName) === (parent.sectionName ?? candidate.sectionName) &&
        isForTls(parent, candidate.sectionName ?? parent.sectionName, gateways),
    ),
  );
  return hasParent && matchesOf(one).some((match) => matchesOf(other).includes(match));
}

/** A redirect has the host of a workspace too, on the listener without TLS. */
function isForTls(
  { namespace = "", name }: ParentRef,
  section: string | undefined,
  gateways: readonly AnyObject[],
): boolean {
  const gateway = gateways.find((one) => isNamed(one, { namespace, name }));
  const listeners = (gateway?.spec?.listeners ?? []) as { name: string; protocol?: string }[];
  return listeners.find((one) => one.name === section)?.protocol !== "HTTP";
}

function parentsOf({ spec, metadata }: AnyObject): ParentRef[] {
  const parents = (spec?.parentRefs ?? []) as ParentRef[];
  return parents.map((parent) => ({ namespace: metadata?.namespace ?? "", ...parent }));
}

/** What a route takes: the API server writes the path of a match that names none. */
function matchesOf({ spec }: AnyObject): string[] {
  const rules = (spec?.rules ?? [{}]) as { matches?: { path?: { type?: string; value?: string } }[] }[];
  return rules.flatMap(({ matches = [{}] }) =>
    matches.map(({ path: { type = "PathPrefix", value = "/" } = {}, ...rest }) =>
      JSON.stringify({ type, value, ...rest }),
    ),
  );
}

function refusedRoute(workspace: string, route: AnyObject): WayTrouble[] {
  const answers = (route.status?.parents ?? []) as { parentRef: ParentRef; conditions?: Condition[] }[];
  // What a Gateway has said of a listener that the route named before may still stand there.
  const asked = parentsOf(route);
  const current = answers.filter(({ parentRef }) =>
    asked.some(
      ({ name, namespace, sectionName }) =>
        name === parentRef.name &&
        namespace === (parentRef.namespace ?? route.metadata?.namespace) &&
        sectionName === parentRef.sectionName,
    ),
  );
  return current.flatMap(({ parentRef, conditions }) =>
    untrue(route, conditions, ["Accepted", "ResolvedRefs"]).map((condition) => ({
      message: `${nameOf(route)} is not taken by Gateway ${parentRef.name}: ${wordsOf(condition)}`,
      words: [condition.reason],
      remedy:
        "mend what the Gateway says of the route: its listener, its Service, the Service's port (pitfall 9)",
      look: [routeOf(workspace, "parentRefs"), routeOf(workspace, "rules")],
    })),
  );
}

function refusedPolicy(workspace: string, policy: AnyObject, targets: readonly AnyObject[]): WayTrouble[] {
  const refs = (policy.spec?.targetRefs ?? []) as { kind: string; name: string }[];
  const isOurs = refs.some(({ kind, name }) =>
    targets.some(
      (target) =>
        target.kind === kind &&
        target.metadata?.name === name &&
        target.metadata.namespace === policy.metadata?.namespace,
    ),
  );
  if (!isOurs) return [];
  const ancestors = (policy.status?.ancestors ?? []) as { conditions?: Condition[] }[];
  return ancestors.flatMap(({ conditions }) =>
    untrue(policy, conditions, ["Accepted"]).map((condition) => ({
      message: `${nameOf(policy)} is not in force: ${wordsOf(condition)}`,
      words: [condition.reason],
      remedy: "let one policy of a kind target the route, written as Envoy Gateway takes it (pitfall 4)",
      look:
        policy.kind === "BackendTrafficPolicy"
          ? [trafficPolicy(workspace, "spec")]
          : [{ kind: policy.kind ?? "", name: policy.metadata?.name ?? "", field: ["spec"] }],
    })),
  );
}

/** Without a load balancer no Gateway has an address: it is reached by its Service here. */
const hasNoAddress = ({ reason }: Condition) => reason === "AddressNotAssigned";

function unreadyGateway(gateway: AnyObject, sections: readonly (string | undefined)[]): WayTrouble[] {
  const all = (gateway.status?.listeners ?? []) as { name: string; conditions?: Condition[] }[];
  const isAny = sections.includes(undefined);
  const listeners = all.filter(({ name }) => isAny || sections.includes(name));
  const told = [
    ...untrue(gateway, gateway.status?.conditions, ["Accepted", "Programmed"])
      .filter((one) => !hasNoAddress(one))
      .map((one) => ({ of: "", one })),
    ...listeners.flatMap(({ name, conditions }) =>
      untrue(gateway, conditions, ["Programmed", "ResolvedRefs"]).map((one) => ({
        of: `listener ${name}: `,
        one,
      })),
    ),
  ];
  return told.map(({ of, one }) => ({
    message: `${nameOf(gateway)} is not ready: ${of}${wordsOf(one)}`,
    words: [one.reason],
    remedy:
      "mend what the Gateway says of itself: its class, its listeners, the Secret of their certificate (pitfall 9)",
    look: [{ kind: "Gateway", name: gateway.metadata?.name ?? "", field: ["spec", "listeners"] }],
  }));
}

function unreadyCertificate(certificate: AnyObject): WayTrouble[] {
  return untrue(certificate, certificate.status?.conditions, ["Ready"]).map((condition) => ({
    message: `${nameOf(certificate)} is not Ready: ${wordsOf(condition)}`,
    words: [condition.reason],
    remedy:
      "let the Certificate name an issuer that is there and Ready, and names that it may give (pitfall 9)",
    look: [{ kind: "Certificate", field: ["spec", "issuerRef"] }, certificateNames],
  }));
}

/** Conditions of the object as it is now: those of an earlier generation are of another manifest. */
const untrue = ({ metadata }: AnyObject, conditions: Condition[] | undefined, types: string[]) =>
  (conditions ?? []).filter(
    ({ type, status, observedGeneration = metadata?.generation }) =>
      types.includes(type) && status === "False" && observedGeneration === metadata?.generation,
  );

const wordsOf = ({ reason, message }: Condition) => `${reason}: ${message}`;
