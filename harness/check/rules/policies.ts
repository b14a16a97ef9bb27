import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import { escapeRegExp } from "../../base/index.ts";
import type { OwnedObject } from "../../home/index.ts";
import { type Workload, workloadsIn } from "../../rendering/index.ts";
import type { Fault } from "../finding.ts";
import { routesIn, routesOf } from "../gateways.ts";
import { type Inspected, specOf, titleOf } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

interface Target {
  kind?: string;
  name?: string;
  sectionName?: string;
}

interface PolicySpec {
  targetRef?: Target;
  targetRefs?: Target[];
  timeout?: { http?: { maxConnectionDuration?: string; maxStreamDuration?: string } };
}

const kinds = ["BackendTrafficPolicy", "ClientTrafficPolicy", "SecurityPolicy"];
const policies = ({ of, concernsUs }: Inspected) => kinds.flatMap(of).filter(concernsUs);

/** Policies of what is not there: Envoy Gateway reaches objects of the policy's own namespace. */
function withoutTarget(inspected: Inspected): Fault[] {
  return policies(inspected).flatMap((one) => {
    const { targetRef, targetRefs = [] } = specOf<PolicySpec>(one);
    const { namespace, name: own } = one.object.metadata;
    return [...(targetRef ? [targetRef] : []), ...targetRefs].flatMap(({ kind = "", name = "" }) => {
      const named = inspected.of(kind);
      const isThere = named.some(
        ({ object: { metadata } }) => metadata.name === name && metadata.namespace === namespace,
      );
      const isRoute = kind === "HTTPRoute" || kind === "Gateway";
      if ((isThere && isRoute) || isUnrendered(inspected, one)) return [];
      const near = inspected
        .of("HTTPRoute")
        .filter(({ owner }) => owner === one.owner || owner.name === one.owner.name)
        .map(({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}`);
      return {
        message: isRoute
          ? `${one.object.kind} ${own} is for ${kind} ${namespace}/${name}, which is not there: it does nothing`
          : `${one.object.kind} ${own} is for a ${kind}, to which no such policy can be: it does nothing`,
        remedy: `name an HTTPRoute of namespace ${namespace}${near.length > 0 ? ` (there is ${near.join(", ")})` : ""}`,
        ...inspected.placeOf(one, /targetRefs?:/, key(isRoute ? "name" : "kind")),
      };
    });
  });
}

/** A part of a route or Gateway that has none of that name. */
function withoutSection(inspected: Inspected): Fault[] {
  return policies(inspected).flatMap((one) => {
    const { targetRef, targetRefs = [] } = specOf<PolicySpec>(one);
    return [...(targetRef ? [targetRef] : []), ...targetRefs].flatMap(
      ({ kind = "", name = "", sectionName }) => {
        const target = inspected
          .of(kind)
          .find(
            ({ object: { metadata } }) =>
              metadata.name === name && metadata.namespace === one.object.metadata.namespace,
          );
        const { rules = [], listeners = [] } = (target?.object.spec ?? {}) as {
          rules?: { name?: string }[];
          listeners?: { name?: string }[];
        };
        const isThere = [...rules, ...listeners].some((part) => part.name === sectionName);
        if (!target || sectionName === undefined || isThere) return [];
        return {
          message: `${titleOf(one)} is for ${sectionName} of ${kind} ${name}, which has no part of that name: it does nothing`,
          remedy: "leave sectionName out",
          ...inspected.placeOf(one, key("sectionName")),
        };
      },
    );
  });
}

/** Of a release that cannot be rendered nobody knows the routes; that has a finding of its own. */
function isUnrendered({ home: { rendered } }: Inspected, { owner }: OwnedObject): boolean {
  const isOf = (one?: { name: string; namespace: string }) =>
    one?.name === owner.name && one.namespace === owner.namespace;
  return (
    rendered.problems.some(({ kustomization, kind }) => isOf(kustomization) && kind !== "blanked") ||
    rendered.releases.some(({ kustomization, isRendered }) => isOf(kustomization) && !isRendered)
  );
}

/** Durations after which Envoy ends a connection or a stream, however busy it is. */
function shortLives(inspected: Inspected): Fault[] {
  return policies(inspected).flatMap((one) => {
    const http = specOf<PolicySpec>(one).timeout?.http ?? {};
    return (["maxConnectionDuration", "maxStreamDuration"] as const)
      .filter((field) => http[field] !== undefined && !/^0+(ms|s|m|h)?$/.test(http[field]))
      .map((field) => ({
        message: `${titleOf(one)} ends event streams and terminals after ${http[field]} (${field}), however busy they are`,
        remedy: `leave ${field} out`,
        ...inspected.placeOf(one, key(field)),
      }));
  });
}

interface Match {
  path?: { type?: string; value?: string };
  method?: string;
  headers?: unknown[];
  queryParams?: unknown[];
}

interface FullRule {
  matches?: Match[];
  backendRefs?: { name: string; namespace?: string; kind?: string; weight?: number }[];
}

/** OpenCode has its page, its assets and its interface below /, and WebSockets too. */
const takesAll = ({ path, method, headers, queryParams }: Match) =>
  (path?.type ?? "PathPrefix") === "PathPrefix" &&
  (path?.value ?? "/") === "/" &&
  !method &&
  !headers?.length &&
  !queryParams?.length;

function partRoutes(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    routesOf(inspected, workspace).flatMap((route) => {
      const rules = route.rules as FullRule[];
      const isWhole = rules.some(({ matches = [] }) => matches.length === 0 || matches.some(takesAll));
      if (isWhole) return [];
      return {
        message: `HTTPRoute ${route.name} leads a part of its host's paths to ${workspace.facts.name}: OpenCode answers below / only`,
        remedy: "leave matches out, or match the PathPrefix /",
        ...inspected.placeOf(route.owned, key("matches")),
      };
    }),
  );
}

function lightBackends(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    routesOf(inspected, workspace).flatMap((route) =>
      (route.rules as FullRule[])
        .filter(
          ({ backendRefs = [] }) =>
            backendRefs.length > 0 && backendRefs.every(({ weight = 1 }) => weight === 0),
        )
        .map(() => ({
          message: `HTTPRoute ${route.name} gives all its backends the weight 0: every request is answered with 500`,
          remedy: "leave weight out",
          ...inspected.placeOf(route.owned, key("weight")),
        })),
    ),
  );
}

/** A chart that is not rendered here stands in that namespace, where no workspace is: its operator's Services are in no file. */
const mayMakeServices = ({ home, workspaces }: Inspected, namespace: string): boolean =>
  !workspaces.some(({ facts }) => facts.namespace === namespace) &&
  home.rendered.releases.some((one) => one.namespace === namespace && !one.isRendered);

/** Routes of ours to a Service that is not there. */
function missingBackends(inspected: Inspected): Fault[] {
  return routesIn(inspected)
    .filter(({ owned }) => inspected.concernsUs(owned))
    .flatMap((route) =>
      route.rules
        .flatMap(({ backendRefs = [] }) => backendRefs)
        .filter(({ kind = "Service" }) => kind === "Service")
        .flatMap(({ name, namespace = route.namespace }) => {
          if (inspected.objects.find("Service", { namespace, name })) return [];
          if (mayMakeServices(inspected, namespace)) return [];
          const others = inspected.objects.in("Service", namespace).map(({ metadata }) => metadata.name);
          return {
            message: `HTTPRoute ${route.name} leads to Service ${namespace}/${name}, which is not there`,
            remedy: `name one that is there: ${others.join(", ") || "none is"}`,
            ...inspected.placeOf(route.owned, key("backendRefs"), name),
          };
        }),
    );
}

interface ServiceSpec {
  type?: string;
  selector?: Record<string, string>;
  ports?: { port: number; targetPort?: number | string }[];
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
      const { type = "ClusterIP", selector = {}, ports = [] } = specOf<ServiceSpec>(one);
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
      return [
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

/** Policies, routes and Services that lead nowhere, or to too many. */
export const policyRules = [
  rule({
    id: "policy-of-nothing",
    title: "policies are for what is there",
    pitfalls: [4],
    find: (inspected) => [...withoutTarget(inspected), ...withoutSection(inspected)],
  }),
  rule({ id: "short-life", title: "no stream has an end by the clock", pitfalls: [4], find: shortLives }),
  rule({
    id: "route-in-part",
    title: "routes lead whole hosts to workspaces",
    pitfalls: [9],
    find: partRoutes,
  }),
  rule({ id: "no-weight", title: "routes have a backend with weight", pitfalls: [9], find: lightBackends }),
  rule({
    id: "backend-missing",
    title: "routes lead to what is there",
    pitfalls: [9],
    find: missingBackends,
  }),
  rule({
    id: "service",
    title: "Services lead to workspaces, for the Gateway only",
    pitfalls: [9],
    find: services,
  }),
];
