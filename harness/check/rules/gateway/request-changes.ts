import type { Fault } from "../../finding.ts";
import { type Filter, routesOf } from "../../reading/gateways.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

type Told = [message: string, remedy: string, needle: Needle];

const isAuthorization = (name: string) => name.toLowerCase() === "authorization";

function whatIsWrong({ type, requestHeaderModifier, urlRewrite, requestRedirect }: Filter): Told[] {
  const { remove = [], set = [] } = requestHeaderModifier ?? {};
  const takesLogin = remove.some(isAuthorization) || set.some(({ name }) => isAuthorization(name));
  const { replacePrefixMatch = "/", replaceFullPath } = urlRewrite?.path ?? {};
  const moves = replaceFullPath !== undefined || !/^\/?$/.test(replacePrefixMatch);
  return [
    ...(takesLogin
      ? [
          [
            "changes Authorization, by which a browser logs in",
            "leave that header alone",
            /authorization/i,
          ] as Told,
        ]
      : []),
    ...(moves
      ? [
          [
            "asks OpenCode for other paths than the browser does: it answers below / only",
            "leave urlRewrite.path out",
            key("urlRewrite"),
          ] as Told,
        ]
      : []),
    ...(type === "RequestMirror"
      ? [
          [
            "sends each request to another backend too: prompts and passwords with it",
            "leave RequestMirror out",
            "RequestMirror",
          ] as Told,
        ]
      : []),
    ...(requestRedirect
      ? [
          [
            "redirects and leads to a Service at once, which the API server refuses",
            "leave the redirect to the route of the http listener",
            key("requestRedirect"),
          ] as Told,
        ]
      : []),
  ];
}

function changed(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    routesOf(inspected, workspace).flatMap((route) =>
      route.rules
        .flatMap(({ filters = [] }) => filters.flatMap(whatIsWrong))
        .map(([message, remedy, needle]) => ({
          message: `HTTPRoute ${route.name} ${message}`,
          remedy,
          ...inspected.placeOf(route.owned, key("filters"), needle),
        })),
    ),
  );
}

export const requestChangeRules = [
  rule({
    id: "request-changed",
    title: "requests reach OpenCode as they were made",
    pitfalls: [9],
    find: changed,
  }),
];
