import type { Fault } from "../../finding.ts";
import { policiesOfWorkspaces } from "../../reading/gateways.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";
import { isSecretMade } from "../objects/pod-names.ts";

interface Selector {
  kind?: string;
  matchLabels?: Record<string, string>;
  matchExpressions?: unknown[];
}

interface Backend {
  kind?: string;
  name?: string;
  namespace?: string;
}

interface Spec {
  targetRef?: object;
  targetRefs?: object[];
  targetSelectors?: Selector[];
  jwt?: { optional?: boolean; providers?: unknown[] };
  apiKeyAuth?: { credentialRefs?: { name?: string; namespace?: string }[] };
  basicAuth?: object;
  oidc?: object;
  responseOverride?: {
    match?: { statusCodes?: { type?: string; value?: number; range?: { start: number; end: number } }[] };
  }[];
}

const kinds = ["BackendTrafficPolicy", "ClientTrafficPolicy", "SecurityPolicy", "EnvoyExtensionPolicy"];
/** Of a release that cannot be rendered nobody knows the objects. */
const isAllRendered = ({ home: { rendered } }: Inspected, namespace: string | undefined): boolean =>
  rendered.releases.every((release) => release.isRendered || release.namespace !== namespace);

const policies = ({ of, concernsUs }: Inspected) => kinds.flatMap(of).filter(concernsUs);

/** Labels by which a policy chooses its routes, and which none of its namespace has: it does nothing, without a word. */
function choosesNothing(inspected: Inspected): Fault[] {
  return policies(inspected).flatMap((one) => {
    const { targetSelectors = [] } = specOf<Spec>(one);
    const { namespace, name } = one.object.metadata;
    const isRendered = isAllRendered(inspected, namespace);
    return targetSelectors.flatMap(({ kind = "", matchLabels = {}, matchExpressions }) => {
      const here = inspected.of(kind).filter(({ object }) => object.metadata.namespace === namespace);
      const isThere = here.some(({ object: { metadata } }) =>
        Object.entries(matchLabels).every(([label, value]) => metadata.labels?.[label] === value),
      );
      if (isThere || matchExpressions?.length || !isRendered) return [];
      const labels = Object.entries(matchLabels).map((pair) => pair.join(": "));
      return {
        message: `${one.object.kind} ${name} chooses each ${kind} of namespace ${namespace} with ${labels.join(", ") || "any label"}, and there is none: it does nothing`,
        remedy: `name the route in targetRefs${here[0] ? ` (${here.map(({ object }) => object.metadata.name).join(", ")})` : ""}, or give it that label`,
        ...inspected.placeOf(one, key("targetSelectors"), key("matchLabels")),
      };
    });
  });
}

/** Whatever in a policy names a Service to be asked before OpenCode is. */
function backendsIn(value: unknown): Backend[] {
  if (Array.isArray(value)) return value.flatMap(backendsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, one]) => {
    if (field === "backendRef") return [one as Backend];
    return field === "backendRefs" ? (one as Backend[]) : backendsIn(one);
  });
}

/** Envoy Gateway answers every request of such a route with 500. */
function asksNobody(inspected: Inspected): Fault[] {
  const ours = new Set(inspected.workspaces.map(({ facts }) => facts.namespace));
  return policies(inspected).flatMap((one) =>
    backendsIn(one.object.spec).flatMap(
      ({ kind = "Service", name, namespace = one.object.metadata.namespace }) => {
        const isThere = inspected
          .of(kind)
          .some(({ object: { metadata } }) => metadata.name === name && metadata.namespace === namespace);
        // Of other namespaces charts are not rendered here.
        const isKnown = ours.has(namespace ?? "") && isAllRendered(inspected, namespace);
        if (isThere || kind !== "Service" || !isKnown) return [];
        return {
          message: `${titleOf(one)} asks Service ${namespace}/${name} before OpenCode, which nobody makes: every request is answered with 500`,
          remedy: "name a Service that is there, with its namespace, or leave it out",
          ...inspected.placeOf(one, /backendRefs?:/, `name: ${name}`),
        };
      },
    ),
  );
}

const security = (inspected: Inspected) => policiesOfWorkspaces(inspected, "SecurityPolicy");

/** What a browser has no way to send. */
function notForBrowsers(inspected: Inspected): Fault[] {
  return security(inspected).flatMap((one) => {
    const { jwt, apiKeyAuth, oidc } = specOf<Spec>(one);
    // With oidc the browser is sent to log in, and has a token from then on.
    const field = jwt && jwt.optional !== true && !oidc ? "jwt" : apiKeyAuth ? "apiKeyAuth" : undefined;
    if (field === undefined) return [];
    return {
      message: `${titleOf(one)} lets in who brings ${field === "jwt" ? "a JSON Web Token" : "an API key"}, and a browser brings none: every page is answered with 401`,
      remedy: `leave ${field} out: OpenCode asks for its password`,
      ...inspected.placeOf(one, key(field)),
    };
  });
}

function withoutKeys(inspected: Inspected): Fault[] {
  return security(inspected).flatMap((one) =>
    (specOf<Spec>(one).apiKeyAuth?.credentialRefs ?? []).flatMap(
      ({ name = "", namespace = one.object.metadata.namespace ?? "" }) =>
        isSecretMade(inspected, namespace, name)
          ? []
          : [
              {
                message: `${titleOf(one)} asks Secret ${namespace}/${name}, which nobody makes: every request is answered with 500`,
                remedy: "name a Secret that an ExternalSecret of the tree makes",
                ...inspected.placeOf(one, key("credentialRefs"), name),
              },
            ],
    ),
  );
}

/** The answer 401 carries the header by which a browser asks for the password. */
function inPlaceOfChallenge(inspected: Inspected): Fault[] {
  return policiesOfWorkspaces(inspected, "BackendTrafficPolicy").flatMap((one) => {
    const isReplaced = specOf<Spec>(one).responseOverride?.some(({ match }) =>
      match?.statusCodes?.some(
        ({ value, range }) =>
          value === 401 || (range !== undefined && range.start <= 401 && 401 <= range.end),
      ),
    );
    if (!isReplaced) return [];
    return {
      message: `${titleOf(one)} answers in OpenCode's place where that says 401: with its answer goes the header by which a browser asks for the password`,
      remedy: "leave 401 out of responseOverride",
      severity: "warning" as const,
      ...inspected.placeOf(one, key("responseOverride")),
    };
  });
}

/** What a policy chooses, and whom it asks. */
export const policySlipRules = [
  rule({
    id: "policy-chooses-nothing",
    title: "policies choose what is there",
    pitfalls: [4],
    find: choosesNothing,
  }),
  rule({
    id: "policy-asks-nobody",
    title: "who is asked before OpenCode is there",
    pitfalls: [9],
    find: asksNobody,
  }),
  rule({
    id: "not-for-browsers",
    title: "policies let a browser in",
    pitfalls: [9],
    find: (inspected) => [
      ...notForBrowsers(inspected),
      ...withoutKeys(inspected),
      ...inPlaceOfChallenge(inspected),
    ],
  }),
];
