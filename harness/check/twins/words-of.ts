import { escapeRegExp } from "../../base/index.ts";
import type { WorkspaceFacts } from "../../rendering/index.ts";

/**
 * Texts of one workspace in the names of another: its own name, and whatever the facts name after it (hosts, claims, keys of
 * a store, repositories), give way to the other's; all else stays.
 */
export function inNamesOf(own: WorkspaceFacts, twin: WorkspaceFacts): (text: string) => string {
  const names = new Map<string, string>();
  const add = (from: string, to: string) => {
    if (from !== to && from !== "" && to !== "" && !names.has(from)) names.set(from, to);
  };
  for (const form of forms) add(form(twin.workload.name), form(own.workload.name));
  add(twin.namespace, own.namespace);
  const swap = swapped(differing(twin, own));
  for (const name of namesIn(twin)) add(name, swap(name));
  for (const [from, to] of paired(twin, own)) add(from, to);
  if (names.size === 0) return (text) => text;
  const longestFirst = [...names.keys()].sort((one, other) => other.length - one.length);
  // `flux-system` is no workspace's, whatever that is called.
  const found = new RegExp(
    `(?<![A-Za-z0-9])(?:${longestFirst.map(escapeRegExp).join("|")})(?![A-Za-z0-9]|-system)`,
    "g",
  );
  return (text) => text.replace(found, (name) => names.get(name) ?? name);
}

const forms = [
  (name: string) => name,
  (name: string) => name.replaceAll(/[-.]/g, "_"),
  (name: string) => name.replaceAll(/[-.]/g, "_").toUpperCase(),
];

const partsOf = (name: string): string[] => name.split(/[^A-Za-z0-9]+/);

/** `flux` and `ha` of `opencode-flux` and `opencode-ha`: what is left without the words that both begin and end with. */
function differing(twin: WorkspaceFacts, own: WorkspaceFacts): [string, string] {
  const isNamesake = twin.workload.name === own.workload.name;
  const from = partsOf(isNamesake ? twin.namespace : twin.workload.name);
  const to = partsOf(isNamesake ? own.namespace : own.workload.name);
  while (from.length > 0 && from[0] === to[0]) {
    from.shift();
    to.shift();
  }
  while (from.length > 0 && from.at(-1) === to.at(-1)) {
    from.pop();
    to.pop();
  }
  return [from.join("-"), to.join("-")];
}

/** The word in a name by the other one: in small letters or in capitals, with hyphens or underscores. */
function swapped([from, to]: [string, string]): (name: string) => string {
  if (from === "" || to === "") return (name) => name;
  const pairs = new Map(forms.map((form) => [form(from), form(to)]));
  const word = new RegExp(
    `(?<![A-Za-z0-9])(?:${[...pairs.keys()].map(escapeRegExp).join("|")})(?![A-Za-z0-9])`,
    "g",
  );
  return (name) => name.replace(word, (found) => pairs.get(found) ?? found);
}

/** Whatever a workspace may have named after itself. */
function namesIn({ hosts, services, claims, release, kustomization, ...facts }: WorkspaceFacts): string[] {
  const { externalSecrets, backup, held } = facts;
  return [
    ...hosts.flatMap(({ hostname, route }) => [hostname, route.name]),
    ...services.map(({ name }) => name),
    ...claims.map(({ name }) => name),
    ...(release ? [release.name] : []),
    kustomization.name,
    ...externalSecrets.flatMap(({ name, secret, keys }) => [name, secret, ...keys]),
    ...(backup ? [backup.source, backup.secret, backup.claim, backup.destination ?? ""] : []),
    ...held.flatMap(({ secret, key = "" }) => [secret, key]),
  ];
}

/** What each has one of, whatever it is called: repositories, with the directories that are named after them, and hosts. */
function paired(twin: WorkspaceFacts, own: WorkspaceFacts): [string, string][] {
  const repositories = (facts: WorkspaceFacts) => [
    ...new Set(facts.clones.map(({ repository }) => repository)),
  ];
  const baseOf = (repository: string) => repository.split("/").at(-1) ?? "";
  const hosts = (facts: WorkspaceFacts) => facts.hosts.map(({ hostname }) => hostname);
  return [
    ...together(repositories(twin), repositories(own)).flatMap(([from, to]): [string, string][] => [
      [from, to],
      [baseOf(from), baseOf(to)],
    ]),
    ...together(hosts(twin), hosts(own)),
  ];
}

function together(some: readonly string[], others: readonly string[]): [string, string][] {
  return some.length === others.length ? some.map((one, index) => [one, others[index] ?? ""]) : [];
}
