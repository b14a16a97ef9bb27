import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { everyRoute } from "../../reading/gateways.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface ExtensionSpec {
  targetRef?: { kind?: string; name?: string };
  targetRefs?: { kind?: string; name?: string }[];
  lua?: { inline?: string }[];
  wasm?: unknown[];
  extProc?: unknown[];
}

/** What a script of Envoy's does with a login: it reads the header, and logs it or sends it somewhere. */
const readsLogin = /authorization/i;

/** Whether a policy is for a workspace's route, or for a Gateway that it hangs on. */
function isForUs(inspected: Inspected, policy: OwnedObject): boolean {
  const { targetRef, targetRefs = targetRef ? [targetRef] : [] } = specOf<ExtensionSpec>(policy);
  const { namespace } = policy.object.metadata;
  return everyRoute(inspected).some(({ route }) =>
    targetRefs.some(
      ({ kind, name }) =>
        (kind === "HTTPRoute" && name === route.name && namespace === route.namespace) ||
        (kind === "Gateway" &&
          route.parents.some((one) => one.name === name && (one.namespace ?? route.namespace) === namespace)),
    ),
  );
}

/** Each request has the password, and prompts and code are in it. */
function byExtensions(inspected: Inspected): Fault[] {
  return inspected
    .of("EnvoyExtensionPolicy")
    .filter((one) => inspected.concernsUs(one) && isForUs(inspected, one))
    .flatMap((one) => {
      const { lua = [], wasm = [], extProc = [] } = specOf<ExtensionSpec>(one);
      const all = { lua, wasm, extProc };
      const field = (["lua", "wasm", "extProc"] as const).find((name) => all[name].length > 0);
      if (field === undefined) return [];
      const isOfLogin = lua.some(({ inline = "" }) => readsLogin.test(inline));
      return {
        message: `${titleOf(one)} lets ${field} ${isOfLogin ? "read the header with the password" : "see every request, password and code included"}`,
        remedy: "take it out: nobody but OpenCode has to read what it is asked",
        ...(isOfLogin ? {} : { severity: "warning" as const }),
        ...inspected.placeOf(one, key(field)),
      };
    });
}

function byMirrors(inspected: Inspected): Fault[] {
  return everyRoute(inspected).flatMap(({ workspace: { facts }, route }) => {
    const isMirrored = route.rules.some(({ filters = [] }) =>
      filters.some(({ type }) => type === "RequestMirror"),
    );
    if (!isMirrored) return [];
    return {
      message: `HTTPRoute ${route.name} sends a copy of every request to somebody else (RequestMirror): the password of ${facts.name} and all prompts are in it`,
      remedy: "leave the filter out",
      ...inspected.placeOf(route.owned, key("filters"), /RequestMirror/),
    };
  });
}

/** Formats of logs and traces that ask for a header. */
const loggedLogin =
  /%REQ(?:_WITHOUT_QUERY)?\(authorization\b|requestHeader["']?\s*:\s*\{[^{}]*["']name["']\s*:\s*["']authorization["']/i;

/** Envoy's own logs and traces, of which many more people read than of the Secret. */
function byLogs(inspected: Inspected): Fault[] {
  return ["EnvoyProxy", "BackendTrafficPolicy"].flatMap(inspected.of).flatMap((one) => {
    if (!loggedLogin.test(JSON.stringify(one.object.spec ?? {}))) return [];
    return {
      message: `${titleOf(one)} writes the header Authorization into Envoy's logs or traces: the workspaces' password is in it`,
      remedy: "leave the header out",
      ...inspected.placeOf(one, /authorization/i),
    };
  });
}

/** Who reads what a workspace is asked. */
export const readerRules = [
  rule({
    id: "request-read",
    title: "nobody reads requests on their way",
    pitfalls: [3],
    find: (inspected) => [...byExtensions(inspected), ...byMirrors(inspected), ...byLogs(inspected)],
  }),
];
