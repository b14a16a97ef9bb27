import type { Fault } from "../../finding.ts";
import type { Inspected, InspectedWorkspace } from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { originsOf, placeOfKey } from "../../reading/secret-origins.ts";
import { rule } from "../../rule.ts";

/** What two workspaces have in common of what each should have for itself. */
function shared(
  what: string,
  remedy: string,
  valuesOf: (workspace: InspectedWorkspace, inspected: Inspected) => string[],
  needles: (value: string) => Needle[],
) {
  return (inspected: Inspected): Fault[] =>
    inspected.workspaces.flatMap((workspace, index) =>
      inspected.workspaces.slice(0, index).flatMap((other) => {
        const others = new Set(valuesOf(other, inspected));
        return [...new Set(valuesOf(workspace, inspected))]
          .filter((value) => others.has(value))
          .map((value) => ({
            message: `${workspace.facts.name} and ${other.facts.name} have one ${what}: ${value}`,
            remedy,
            ...workspace.at(...needles(value)),
          }));
      }),
    );
}

const last = (value: string) => value.split("/").at(-1) ?? value;

function passwordKeys({ facts }: InspectedWorkspace, inspected: Inspected): string[] {
  const { source } = facts.password ?? {};
  return source ? (originsOf(inspected, facts.namespace, source) ?? []) : [];
}

/** Tokens that open another repository than the one that is cloned. */
function foreignTokens(inspected: Inspected): Fault[] {
  const { outside, blind } = inspected.home;
  if (blind.length > 0) return [];
  return inspected.workspaces.flatMap((workspace) =>
    workspace.facts.clones.flatMap(({ repository, credentials }) => {
      const known = outside.repositories.find((one) => one.repository === repository);
      const place = workspace.at(repository);
      if (!known) {
        return [
          {
            message: `${workspace.facts.name} clones ${repository}, which is not among the repositories outside`,
            remedy: `name one that is there (${outside.repositories.map((one) => one.repository).join(", ")}), or add it to outside.yaml`,
            ...place,
          },
        ];
      }
      const keys = credentials.flatMap((one) => originsOf(inspected, workspace.facts.namespace, one) ?? []);
      if (known.opens.length === 0 || keys.length === 0 || keys.some((one) => known.opens.includes(one)))
        return [];
      return [
        {
          message: `${workspace.facts.name} clones ${repository} with ${keys.join(", ")}, which does not open it`,
          remedy: `give it ${known.opens.join(" or ")}`,
          ...placeOfKey(inspected, workspace, keys[0] ?? ""),
        },
      ];
    }),
  );
}

/** A login that is made of a key which holds something else. */
function otherLogin(inspected: Inspected): Fault[] {
  const { outside, blind } = inspected.home;
  return inspected.workspaces.flatMap((workspace) => {
    const { login, namespace, name } = workspace.facts;
    const keys = (login?.source && originsOf(inspected, namespace, login.source)) ?? [];
    const wrong = keys.filter((one) => (outside.doppler[one]?.shape ?? "login") !== "login");
    const [first] = wrong;
    if (blind.length > 0 || first === undefined) return [];
    return {
      message: `auth.json of ${name} is made of ${first}, which holds a ${outside.doppler[first]?.shape}`,
      remedy: "name the key in which the login is",
      ...placeOfKey(inspected, workspace, `${login?.source?.key ?? ""}: `),
    };
  });
}

export const isolationRules = [
  rule({
    id: "shared-repository",
    title: "each workspace has a repository of its own",
    find: shared(
      "repository",
      "give each its own: the clone of one is the other's",
      ({ facts }) => facts.clones.map(({ repository }) => repository),
      (value) => [last(value)],
    ),
  }),
  rule({
    id: "shared-claim",
    title: "each workspace has a claim of its own",
    pitfalls: [6],
    find: shared(
      "claim",
      "give each its own: a ReadWriteOnce volume has one pod",
      ({ facts }) => facts.claims.map(({ name }) => `${facts.namespace}/${name}`),
      (value) => [/existingClaim|claimName/, last(value)],
    ),
  }),
  rule({
    id: "shared-host",
    title: "each workspace has a host of its own",
    isBlocker: true,
    find: shared(
      "host",
      "give each its own: the Gateway gives all requests to the older route",
      ({ facts }) => facts.hosts.map(({ hostname }) => hostname),
      () => [key("hostnames"), /- /],
    ),
  }),
  rule({
    id: "shared-password",
    title: "each workspace has a password of its own",
    find: shared("password", "give each its own key in the store", passwordKeys, () => [
      "OPENCODE_SERVER_PASSWORD",
      key("key"),
    ]),
  }),
  rule({ id: "foreign-token", title: "each token opens the repository that it is for", find: foreignTokens }),
  rule({
    id: "login-of-other-key",
    title: "auth.json is made of the login",
    pitfalls: [11],
    find: otherLogin,
  }),
];
