import { imageReference } from "../images/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

/** What a step can need of a workspace. Where no workspace of the tree has it, the step is not applicable. */
export const needs = [
  "password",
  "clone",
  "login",
  "host",
  "public DNS",
  "external secret",
  "backup",
  "restore",
  "release",
  "neighbour",
  "own image",
  "runbook",
  "volumeDocument",
  "loginDocument",
  "seedScript",
] as const;
export type Need = (typeof needs)[number];

/** As a reader understands it, after "no workspace has". */
const told: Record<Need, string> = {
  password: "a server password",
  clone: "a repository that it clones",
  login: "a Copilot login",
  host: "a host name at the gateway",
  "public DNS": "a host in a home with external-dns",
  "external secret": "a Secret that External Secrets makes",
  backup: "a backup of its claim (a ReplicationSource with restic)",
  restore: "a claim that is filled from its backup (dataSourceRef)",
  release: "a HelmRelease",
  neighbour: "a neighbour",
  "own image": `the OpenCode of which an older one is there (${imageReference("opencode")})`,
  runbook: "a document for the day on which its node is lost",
  volumeDocument: "a document for a lost volume (volume-lost.md)",
  loginDocument: "a document for an expired login (login-expired.md)",
  seedScript: "a script that stores its login",
};

const isMet: Record<Need, (facts: WorkspaceFacts, all: readonly WorkspaceFacts[]) => boolean> = {
  password: ({ password }) => password !== undefined,
  clone: ({ clones }) => clones.length > 0,
  login: ({ login }) => login !== undefined,
  host: ({ hosts }) => hosts.length > 0,
  "public DNS": ({ hosts, publicDns }) => hosts.length > 0 && publicDns !== undefined,
  "external secret": ({ externalSecrets }) => externalSecrets.length > 0,
  backup: ({ backup }) => backup !== undefined,
  restore: ({ backup }) => backup?.destination !== undefined,
  release: ({ release }) => release !== undefined,
  neighbour: ({ name }, all) => all.some((other) => other.name !== name),
  "own image": ({ image }) => image.replace(/@.*$/, "") === imageReference("opencode"),
  runbook: ({ runbook }) => runbook !== undefined,
  volumeDocument: ({ volumeDocument }) => volumeDocument !== undefined,
  loginDocument: ({ loginDocument }) => loginDocument !== undefined,
  seedScript: ({ seedScript }) => seedScript !== undefined,
};

/** One workspace, among all those of its tree; a neighbour is one of those that have the rest of it too. */
export function hasAll(
  facts: WorkspaceFacts,
  wanted: readonly Need[],
  all: readonly WorkspaceFacts[],
): boolean {
  const rest = wanted.filter((need) => need !== "neighbour");
  const alike = all.filter((one) => rest.every((need) => isMet[need](one, all)));
  return wanted.every((need) => isMet[need](facts, alike));
}

/** Why a step is not applicable to these workspaces; undefined where it is to one of them at least. */
export function notApplicable(
  workspaces: readonly WorkspaceFacts[],
  wanted: readonly Need[],
): string | undefined {
  if (workspaces.some((facts) => hasAll(facts, wanted, workspaces))) return undefined;
  const missing = wanted.filter((need) => !workspaces.some((facts) => isMet[need](facts, workspaces)));
  const lacking = (missing.length > 0 ? missing : wanted).map((need) => told[need]);
  return `no workspace of the tree has ${lacking.join(" and ")}`;
}
