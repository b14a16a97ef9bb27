import type { SecretKey, WorkspaceFacts } from "../rendering/index.ts";
import { formatTable } from "../report/index.ts";

/** What a tree says of one workspace, a line for each thing that a scenario would ask. */
export function workspaceTable(facts: WorkspaceFacts): string {
  const { name, namespace, workload } = facts;
  const rows = Object.entries(described(facts)).flatMap(([label, lines]) =>
    lines.map((line, index) => [`  ${index === 0 ? label : ""}`, line]),
  );
  return `Workspace ${name}: ${workload.kind} ${workload.name} in namespace ${namespace}\n${formatTable(rows)}`;
}

function described(facts: WorkspaceFacts): Record<string, string[]> {
  return {
    "applied by": [appliedBy(facts)],
    runs: [
      `opencode ${facts.command} on port ${facts.port}, as container ${facts.container} of ${facts.image}`,
    ],
    user: [userOf(facts)],
    before: [listed(facts.initContainers, "no init container")],
    beside: [listed(facts.sidecars, "no sidecar")],
    "works in": [facts.workingDirectory ?? "the image's directory"],
    "keeps data": [facts.dataDirectory ?? "the image's directory"],
    claims: orNone(facts.claims.flatMap(claimLines), "none: what it keeps goes with its pod"),
    services: orNone(
      facts.services.map(({ name, ports }) => `${name}: ${ports.join(", ")}`),
      "none",
    ),
    hosts: orNone(facts.hosts.map(hostLine), "none: no HTTPRoute leads to it"),
    "public DNS": [publicDnsLine(facts)],
    password: [passwordLine(facts)],
    clones: orNone(facts.clones.map(cloneLine), "none"),
    login: [loginLine(facts)],
    backup: [backupLine(facts)],
    "lost node": [facts.runbook ?? "no document for the day on which its node is lost: crash does not apply"],
    "lost volume": [facts.volumeDocument ?? "no volume-lost.md: how it comes back is not tried"],
    "expired login": [facts.loginDocument ?? "no login-expired.md: how a new one comes is not tried"],
    "new login": [facts.seedScript ?? "no script that stores one"],
    secrets: orNone(facts.externalSecrets.map(externalSecretLine), "none by External Secrets"),
  };
}

const listed = (words: readonly string[], none: string) => words.join(", ") || none;
const orNone = (lines: string[], none: string) => (lines.length > 0 ? lines : [none]);

function publicDnsLine({ publicDns }: WorkspaceFacts): string {
  if (publicDns === undefined) return "the home has no external-dns";
  const asked = Object.entries(publicDns.annotations).map(([key, value]) => `${key}: "${value}"`);
  const who = `external-dns makes records ${asked.length > 0 ? `of routes with ${asked.join(", ")}` : "of its filters' routes"}`;
  if (publicDns.published === undefined) return `${who}; outside.yaml does not say which are wanted`;
  return `${who}; wanted: ${publicDns.published.join(", ") || "none"}`;
}

function appliedBy({ kustomization, release }: WorkspaceFacts): string {
  const flux = `Kustomization ${kustomization.namespace}/${kustomization.name}`;
  return release ? `${flux}, HelmRelease ${release.namespace}/${release.name}` : flux;
}

function userOf({ uid, gid, fsGroup }: WorkspaceFacts): string {
  const user = uid === undefined ? "the image's" : `${uid}:${gid ?? "the image's group"}`;
  return fsGroup === undefined
    ? `${user}; volumes stay as they are`
    : `${user}; volumes for group ${fsGroup}`;
}

function claimLines({ name, mounts }: WorkspaceFacts["claims"][number]): string[] {
  return mounts.map(({ container, path, subPath, readOnly }) => {
    const below = subPath === "" ? "" : ` (its ${subPath})`;
    return `${name}${below} at ${path} of ${container}${readOnly ? ", read-only" : ""}`;
  });
}

function hostLine({ hostname, route, gateways }: WorkspaceFacts["hosts"][number]): string {
  const on = gateways.map(
    ({ namespace, name, sectionName }) => `${namespace}/${name}${sectionName ? ` (${sectionName})` : ""}`,
  );
  return `${hostname} by HTTPRoute ${route.namespace}/${route.name} on ${listed(on, "no Gateway")}`;
}

function passwordLine({ password }: WorkspaceFacts): string {
  if (!password) return "none: anybody who reaches it has a shell";
  const { source, userName, userNameSource } = password;
  const user = userNameSource
    ? `the user in ${keyWords(userNameSource)}, else ${userName}`
    : `user ${userName}`;
  return `${source ? keyWords(source) : "in the manifest itself"}; ${user}`;
}

function cloneLine({
  repository,
  transport,
  container,
  credentials,
}: WorkspaceFacts["clones"][number]): string {
  const read = credentials.map(keyWords).join("; ") || "no Secret";
  return `${repository} over ${transport} by ${container}, which may read ${read}`;
}

function loginLine({ login }: WorkspaceFacts): string {
  if (!login) return "none: Copilot's models are missing until somebody logs in";
  const by = {
    written: `written by ${login.container}`,
    mounted: "mounted",
    environment: "in the environment",
  };
  return `${login.source ? keyWords(login.source) : "from elsewhere"}, ${by[login.how]}`;
}

function backupLine({ backup }: WorkspaceFacts): string {
  if (!backup)
    return "none by VolSync with restic: what it keeps goes with its volume, unless something else keeps a copy";
  const { source, secret, claim, destination } = backup;
  const filled = destination
    ? `a new claim is filled by ReplicationDestination ${destination}`
    : "a new claim is empty";
  return `claim ${claim} by ReplicationSource ${source}, into the repository of Secret ${secret}; ${filled}`;
}

function externalSecretLine({
  secret,
  store,
  keys,
  finds,
}: WorkspaceFacts["externalSecrets"][number]): string {
  const found = finds.map(
    ({ path, regexp }) => `all of ${[path && `${path}*`, regexp].filter(Boolean).join(" ")}`,
  );
  return `${secret} from ${store.kind} ${store.name}: ${listed([...keys, ...found], "nothing")}`;
}

const keyWords = ({ secret, key }: SecretKey) => `Secret ${secret}${key === undefined ? "" : `, key ${key}`}`;
