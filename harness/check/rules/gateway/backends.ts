import type { Fault } from "../../finding.ts";
import { routesIn, routesOf } from "../../reading/gateways.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

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

/** One rule to two workspaces: each request goes to either of them, by chance. */
function mixedBackends(inspected: Inspected): Fault[] {
  const ofService = new Map(
    inspected.workspaces.flatMap(({ facts }) =>
      facts.services.map(({ name }) => [`${facts.namespace}/${name}`, facts.name] as const),
    ),
  );
  return routesIn(inspected).flatMap((route) =>
    (route.rules as FullRule[]).flatMap(({ backendRefs = [] }) => {
      const led = backendRefs
        .filter(({ weight = 1 }) => weight > 0)
        .flatMap(({ name, namespace = route.namespace }) => ofService.get(`${namespace}/${name}`) ?? []);
      const [first, second] = [...new Set(led)];
      if (first === undefined || second === undefined) return [];
      return {
        message: `HTTPRoute ${route.name} gives its requests to ${first} and ${second} by turns: sessions and logins of one are asked of the other`,
        remedy: "name one Service in backendRefs",
        ...inspected.placeOf(route.owned, key("backendRefs")),
      };
    }),
  );
}

/** What routes lead to their backends, and whether those are there. */
export const backendRules = [
  rule({
    id: "route-in-part",
    title: "routes lead whole hosts to workspaces",
    pitfalls: [9],
    find: partRoutes,
  }),
  rule({ id: "no-weight", title: "routes have a backend with weight", pitfalls: [9], find: lightBackends }),
  rule({
    id: "backends-mixed",
    title: "each route leads to one workspace",
    pitfalls: [9],
    find: mixedBackends,
  }),
  rule({
    id: "backend-missing",
    title: "routes lead to what is there",
    pitfalls: [9],
    find: missingBackends,
  }),
];
