import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type Cors, everyRoute, type Filter, policiesInForce, routesOf } from "../../reading/gateways.ts";
import { type Inspected, type InspectedWorkspace, specOf, titleOf } from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { rule } from "../../rule.ts";
import { isSecretMade } from "../objects/pod-names.ts";

interface Spec {
  authorization?: { defaultAction?: string; rules?: unknown[] };
  cors?: Cors;
  basicAuth?: { users?: { name?: string; namespace?: string } };
  oidc?: { clientSecret?: { name?: string; namespace?: string } };
}

function each(find: (policy: OwnedObject, workspace: InspectedWorkspace, inspected: Inspected) => Fault[]) {
  return (inspected: Inspected): Fault[] =>
    inspected.workspaces.flatMap((workspace) =>
      routesOf(inspected, workspace).flatMap((route) =>
        policiesInForce(inspected, "SecurityPolicy", route).flatMap((policy) =>
          find(policy, workspace, inspected),
        ),
      ),
    );
}

function closed(policy: OwnedObject, { facts }: InspectedWorkspace, { placeOf }: Inspected): Fault[] {
  const { defaultAction, rules = [] } = specOf<Spec>(policy).authorization ?? {};
  if (defaultAction !== "Deny" || rules.length > 0) return [];
  return [
    {
      message: `${titleOf(policy)} lets nobody reach ${facts.name}: it denies what no rule allows, and has no rule`,
      remedy: "write rules with action: Allow, or leave authorization out",
      ...placeOf(policy, key("authorization"), key("defaultAction")),
    },
  ];
}

function withoutSecret(policy: OwnedObject, _: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { basicAuth, oidc } = specOf<Spec>(policy);
  const own = policy.object.metadata.namespace ?? "";
  return [basicAuth?.users, oidc?.clientSecret].flatMap((ref) => {
    const { name, namespace = own } = ref ?? {};
    if (name === undefined || isSecretMade(inspected, namespace, name)) return [];
    return {
      message: `${titleOf(policy)} asks Secret ${namespace}/${name}, which nobody makes: every request is answered with 500`,
      remedy: "name a Secret that an ExternalSecret of the tree makes",
      ...inspected.placeOf(policy, /^\s*(users|clientSecret):/, name),
    };
  });
}

/** Both read the one header by which a browser logs in. */
function twoPasswords(policy: OwnedObject, { facts }: InspectedWorkspace, { placeOf }: Inspected): Fault[] {
  if (!specOf<Spec>(policy).basicAuth || !facts.password) return [];
  return [
    {
      message: `${titleOf(policy)} asks for a password before ${facts.name} asks for its own: both read the one header Authorization, and a login that pleases the one is refused by the other`,
      remedy: "leave basicAuth out: OpenCode asks for its password",
      severity: "warning",
      ...placeOf(policy, key("basicAuth")),
    },
  ];
}

/** `*`, or a scheme and nothing more: the page's own address is sent back, whichever it is. */
const isEveryPage = (origin: string): boolean => /^(?:[\w+.*-]+:\/\/)?\*(?::[\d*]+)?$/.test(origin);

const opensToAll = ({ allowCredentials, allowOrigins = [] }: Cors = {}): boolean =>
  allowCredentials === true && allowOrigins.some(isEveryPage);

const everyPage = (what: string, workspace: string) => ({
  message: `${what} lets every page ask ${workspace} with the login that a browser keeps: any page that its owner opens reads sessions, and may run commands`,
  remedy: "name the origins that may ask, or leave allowCredentials out",
});

function foreignPages(policy: OwnedObject, { facts }: InspectedWorkspace, { placeOf }: Inspected): Fault[] {
  if (!opensToAll(specOf<Spec>(policy).cors)) return [];
  const place = placeOf(policy, key("cors"), key("allowOrigins"), "*");
  return [{ ...everyPage(titleOf(policy), facts.name), ...place }];
}

/** Both headers as a filter writes them. Browsers take no `*` together with a login, so that nothing is open by it yet. */
function saysAll({ responseHeaderModifier: { set = [], add = [] } = {} }: Filter): boolean {
  const said = (name: string) => [...set, ...add].find((one) => one.name.toLowerCase() === name)?.value;
  return said("access-control-allow-origin") === "*" && said("access-control-allow-credentials") === "true";
}

function foreignPagesOfRoutes(inspected: Inspected): Fault[] {
  return everyRoute(inspected).flatMap(({ workspace: { facts }, route }) =>
    route.rules
      .flatMap(({ filters = [] }) => filters)
      .flatMap((filter) => {
        const at = (...needles: Needle[]) => inspected.placeOf(route.owned, key("filters"), ...needles);
        const title = titleOf(route.owned);
        if (opensToAll(filter.cors))
          return [{ ...everyPage(title, facts.name), ...at(key("cors"), key("allowOrigins"), "*") }];
        if (!saysAll(filter)) return [];
        return {
          message: `${title} answers every page with Access-Control-Allow-Origin: * and Access-Control-Allow-Credentials: true, which browsers refuse together: no page asks ${facts.name} so, and none should`,
          remedy: "leave both headers out, or name the origin that may ask",
          severity: "warning" as const,
          ...at(/access-control-allow-origin/i),
        };
      }),
  );
}

/** Who is let in before OpenCode is asked. */
export const securityPolicyRules = [
  rule({ id: "nobody-let-in", title: "policies let their owner in", find: each(closed) }),
  rule({
    id: "policy-secret-missing",
    title: "policies name Secrets that are there",
    find: each(withoutSecret),
  }),
  rule({
    id: "every-page-asks",
    title: "no other page asks with the browser's login",
    find: (inspected) => [...each(foreignPages)(inspected), ...foreignPagesOfRoutes(inspected)],
  }),
  rule({ id: "two-passwords", title: "one password is asked for", find: each(twoPasswords) }),
];
