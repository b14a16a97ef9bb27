import type { V1Container } from "@kubernetes/client-node";
import { escapeRegExp } from "../../../base/index.ts";
import { ofRoot, type ReadableSecret, readableSecrets, type SecretKey } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key, type Place } from "../../reading/place.ts";
import { originsOf } from "../../reading/secret-origins.ts";
import { rule } from "../../rule.ts";

/** What opens a repository, in two ways: as a Secret names it, and as the store does. */
interface Tokens {
  named: SecretKey[];
  origins: Set<string>;
  /** Keys of the store that open repositories by what the home says of them, and that OpenCode needs for no clone of its own. */
  keys: Set<string>;
}

/** What of a readable Secret is a token, for people, and why it is one. */
interface Held {
  what: string;
  why: string;
}

function tokensOf({ facts }: InspectedWorkspace, inspected: Inspected): Tokens {
  const { outside, blind } = inspected.home;
  const of = (source: SecretKey) => originsOf(inspected, facts.namespace, source) ?? [];
  const shapeOf = (origin: string) => outside.doppler[origin]?.shape;
  const isKey = (origin: string) => /^(pat|ssh-key)$/.test(shapeOf(origin) ?? "");
  const own = new Set([facts.password?.source, facts.login?.source].flatMap((one) => (one ? of(one) : [])));
  // A name or an address may come from a Secret too; without a home's word for it nobody can tell.
  const isOther = (origin: string) =>
    own.has(origin) || (blind.length === 0 && /^(text|login)$/.test(shapeOf(origin) ?? ""));
  const credentialsOf = (isOwn: boolean) =>
    facts.clones
      .filter(({ container }) => (container === facts.container) === isOwn)
      .flatMap(({ credentials }) => credentials);
  const cloning = credentialsOf(false);
  const wholes = cloning.filter((one) => one.key === undefined);
  const single = cloning.filter((one) => one.key !== undefined);
  const needed = new Set(credentialsOf(true).flatMap(of));
  const all = blind.length === 0 ? Object.keys(outside.doppler) : [];
  return {
    named: [...wholes, ...single.filter((one) => of(one).length === 0 || !of(one).every(isOther))],
    origins: new Set([
      ...wholes.flatMap(of).filter((origin) => isKey(origin) && !own.has(origin)),
      ...single.flatMap(of).filter((origin) => !isOther(origin)),
    ]),
    keys: new Set(all.filter((origin) => isKey(origin) && !needed.has(origin))),
  };
}

/** By the names of Secret and key, or whatever those are by the key of the store that the value comes from. */
function heldIn(readable: ReadableSecret, tokens: Tokens, origins: readonly string[]): Held[] {
  const { secret, key: own } = readable;
  const cloned = ", with which it was cloned";
  const named = tokens.named.filter(
    (token) => token.secret === secret && (own === undefined || token.key === own),
  );
  if (named.length > 0) {
    return named.map((token) => ({
      what: `${token.key ?? `all of Secret ${secret}`} too`,
      why: cloned,
    }));
  }
  return origins.flatMap((origin) => {
    const what = own === undefined ? `${origin} by all of Secret ${secret}` : `${own}, made of ${origin}`;
    if (tokens.origins.has(origin)) return [{ what, why: cloned }];
    return tokens.keys.has(origin) ? [{ what, why: ", which opens repositories" }] : [];
  });
}

/** User and group of a container, as far as they are known. */
function identityOf({ workload: { pod } }: InspectedWorkspace, container: V1Container) {
  const { runAsUser, runAsGroup: gid } = { ...pod.securityContext, ...container.securityContext };
  return { uid: runAsUser ?? (ofRoot.test(container.image ?? "") ? 0 : undefined), gid };
}

/**
 * What runs beside OpenCode, in one process namespace with it: the kernel shows a process's environment and files to whoever
 * is of the same user and group, and to root.
 */
function besideIt(workspace: InspectedWorkspace): V1Container[] {
  const { facts, workload, app, containers } = workspace;
  if (workload.pod.shareProcessNamespace !== true) return [];
  const agent = identityOf(workspace, app);
  return containers
    .map(({ container }) => container)
    .filter(({ name }) => facts.sidecars.includes(name))
    .filter((container) => {
      const { uid, gid } = identityOf(workspace, container);
      const isOneGroup = gid === undefined || agent.gid === undefined || gid === agent.gid;
      return agent.uid === 0 || (uid !== undefined && uid === agent.uid && isOneGroup);
    });
}

function placeOf({ at }: InspectedWorkspace, { name }: V1Container, readable: ReadableSecret): Place {
  const { secret, key: field, variable, path } = readable;
  if (variable !== undefined) return at(key(name), new RegExp(`\\b${escapeRegExp(variable)}\\b`));
  return path === undefined ? at(key(name), key("envFrom"), secret) : at(key("persistence"), field ?? secret);
}

function tokenInApp(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts, workload, app } = workspace;
  const tokens = tokensOf(workspace, inspected);
  const heldBy = (container: V1Container) =>
    readableSecrets(workload, container).flatMap((readable) => {
      const origins = originsOf(inspected, facts.namespace, readable) ?? [];
      return heldIn(readable, tokens, origins).map((held) => ({
        ...held,
        place: placeOf(workspace, container, readable),
      }));
    });
  return [
    ...heldBy(app).map(({ what, why, place }) => ({
      message: `OpenCode's container of ${facts.name} gets ${what}${why}: an agent finds a key that opens the repository`,
      remedy: "give the token to the container that clones, and to no other",
      ...place,
    })),
    ...besideIt(workspace).flatMap((container) =>
      heldBy(container).map(({ what, why, place }) => ({
        message: `container ${container.name} of ${facts.name} has ${what}${why}, and runs beside OpenCode as its user, with shareProcessNamespace: an agent reads it in /proc/<pid>/environ or below /proc/<pid>/root`,
        remedy: `give the token to an init container that ends, or let ${container.name} be another user (runAsUser)`,
        ...place,
      })),
    ),
  ];
}

/** Who holds what opens a repository, where an agent finds it. */
export const tokenInAppRules = [
  rule({
    id: "token-in-app",
    title: "OpenCode does not get the token of the clone",
    pitfalls: [3],
    severity: "warning",
    find: eachWorkspace(tokenInApp),
  }),
];
