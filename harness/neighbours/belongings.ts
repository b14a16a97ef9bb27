import { createHash } from "node:crypto";
import type { V1PersistentVolumeClaim, V1Pod, V1Secret } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/index.ts";
import { readableSecrets } from "../rendering/index.ts";
import { type DeployedWorkspace, leadsTo, mountOf, remoteAddress, runBeside } from "../workspace/index.ts";

/** What each workspace should have for itself. */
export type Belonging =
  | "host"
  | "Secret"
  | "claim"
  | "volume"
  | "password"
  | "token"
  | "login"
  | "repository"
  | "backup Secret"
  | "backup repository";

/** One thing of a workspace, as the cluster has it. */
export interface Thing {
  kind: Belonging;
  /** The same for what is the same; of a secret its digest. */
  id: string;
  /** Where it was found, without any secret value. */
  told: string;
}

/** As much of a world as is read for what a workspace has. */
export interface BelongingsStage {
  /** Values that stand in Secrets and are none: what is no secret may be the same. */
  readonly publicValues: readonly string[];
}

/** All that the workspace has for itself, read from live objects and from its volume, not from the tree. */
export async function belongingsOf(
  workspace: DeployedWorkspace,
  { publicValues }: BelongingsStage,
): Promise<Thing[]> {
  const pod = await workspace.readyPod();
  const found = await Promise.all([
    hostsOf(workspace),
    secretsOf(workspace, pod),
    claimsOf(workspace, pod),
    passwordOf(workspace),
    credentialsOf(workspace, pod, publicValues),
    repositoryOf(workspace, pod),
    backupsOf(workspace, pod),
  ]);
  return found.flat();
}

/** Every host whose route leads to the workspace's Service. */
async function hostsOf({ cluster, services, facts, namespace }: DeployedWorkspace): Promise<Thing[]> {
  const routes = await cluster.objects.all({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    namespace: facts.hosts[0]?.route.namespace ?? namespace,
  });
  return routes
    .filter((route) => services.some((service) => leadsTo(route, service)))
    .flatMap(({ metadata, spec }) =>
      ((spec?.hostnames ?? []) as string[]).map((id) => ({
        kind: "host" as const,
        id,
        told: `${id} of HTTPRoute ${metadata?.name}`,
      })),
    );
}

/** The Secrets that any container of the pod gets of which some key is secret: an authority's certificate may be everybody's. */
async function secretsOf({ cluster, namespace }: DeployedWorkspace, pod: V1Pod): Promise<Thing[]> {
  const all = containersOf(pod).flatMap((container) => readable(pod, container));
  const found = await Promise.all(
    [...Map.groupBy(all, ({ secret }) => secret)].map(async ([name, given]) => {
      const values = await Promise.all(
        given.map(({ secret, key }) => valuesOf(cluster, namespace, secret, key)),
      );
      return values.flat().some(({ key, value }) => isSecret(key, value)) ? [name] : [];
    }),
  );
  return found.flat().map((name) => ({ kind: "Secret", id: `${namespace}/${name}`, told: name }));
}

/** Keys whose values are told everywhere: who somebody is, and where something is. */
const openKey = /known_?hosts|user|e-?mail|author|url|repo|branch|host|^(ca|tls)\.crt$|^config$|certificate/i;
const secretKey = /token|pat$|pass|auth|secret|credential|private|(^|[._-])key$/i;

/** What is secret under whatever key: a private key, an address with a password in it, a token of GitHub. */
const secretValue = /PRIVATE KEY-----|:\/\/[^\s/:@]*:[^\s/@]+@|\b(?:gh[opusr]|github_pat)_\w{8}/;

/** Whether a key of a Secret holds what is nobody else's affair. */
export function isSecret(key: string, value: Buffer): boolean {
  const text = value.toString();
  if (secretValue.test(text)) return true;
  if (/^-----BEGIN (CERTIFICATE|PUBLIC KEY)-----/.test(text)) return false;
  return secretKey.test(key.replace(/author/i, "")) || !openKey.test(key);
}

async function claimsOf({ cluster, namespace }: DeployedWorkspace, pod: V1Pod): Promise<Thing[]> {
  const claims = await Promise.all(
    claimNames(pod).map((name) =>
      cluster.objects.find({ apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name }),
    ),
  );
  return claims.flatMap((claim) => {
    const { metadata, spec } = (claim ?? {}) as V1PersistentVolumeClaim;
    const name = metadata?.name ?? "";
    const volume = spec?.volumeName;
    return [
      { kind: "claim" as const, id: `${namespace}/${name}`, told: name },
      ...(volume ? [{ kind: "volume" as const, id: volume, told: `${volume} of claim ${name}` }] : []),
    ];
  });
}

async function passwordOf(workspace: DeployedWorkspace): Promise<Thing[]> {
  if (!workspace.facts.password) return [];
  const { password } = await workspace.user();
  return [{ kind: "password", id: digestOf(Buffer.from(password)), told: "OPENCODE_SERVER_PASSWORD" }];
}

/** What the container that clones, and the one that writes the login, get in their Secrets; or the login as OpenCode gets it. */
async function credentialsOf(
  { cluster, namespace, facts }: DeployedWorkspace,
  pod: V1Pod,
  publicValues: readonly string[],
): Promise<Thing[]> {
  const readers = [
    ...facts.clones.map(({ container }) => ({ kind: "token" as const, container })),
    { kind: "login" as const, container: facts.login?.container },
  ];
  const given = facts.login?.container === undefined ? facts.login?.source : undefined;
  const ofLogin = given ? await valuesOf(cluster, namespace, given.secret, given.key) : [];
  const found = await Promise.all(
    readers.map(async ({ kind, container }) => {
      const reader = containersOf(pod).find(({ name }) => name === container);
      const sources = reader ? readable(pod, reader) : [];
      const values = await Promise.all(
        sources.map(({ secret, key }) => valuesOf(cluster, namespace, secret, key)),
      );
      return values
        .flat()
        .filter(({ key, value }) => isSecret(key, value) && !publicValues.includes(value.toString()))
        .map(({ value, told }) => ({ kind, id: digestOf(value), told }));
    }),
  );
  return [
    ...found.flat(),
    ...ofLogin.map(({ value, told }) => ({ kind: "login" as const, id: digestOf(value), told })),
  ];
}

/** Where the clone on the volume came from. */
async function repositoryOf(workspace: DeployedWorkspace, pod: V1Pod): Promise<Thing[]> {
  if (workspace.facts.clones.length === 0) return [];
  const remote = (await remoteOfWorkingDir(workspace, pod)) || (await remoteOfOpenCode(workspace));
  if (remote === "") return [];
  const id = remote.replace(/\.git$/, "");
  return [{ kind: "repository", id, told: remote.replace(/\/\/[^/@]*@/, "//") }];
}

/** What the container's workingDir came from. Nobody is asked for it: who shares a host or a password is told by those. */
async function remoteOfWorkingDir(workspace: DeployedWorkspace, pod: V1Pod): Promise<string> {
  const { workingDir } = workspace.appContainer(pod);
  return workingDir !== undefined && mountOf(workspace, pod, workingDir)
    ? remoteIn(workspace, workingDir)
    : "";
}

/** What lies where OpenCode works came from: its command may go elsewhere than into the container's workingDir. */
async function remoteOfOpenCode(workspace: DeployedWorkspace): Promise<string> {
  if (workspace.facts.hosts.length === 0) return "";
  return remoteIn(workspace, await (await workspace.user()).directory());
}

async function remoteIn(workspace: DeployedWorkspace, directory: string): Promise<string> {
  return (await runBeside(workspace, directory, `${remoteAddress} 2>/dev/null || true`)).trim();
}

/** Where VolSync puts the backups of the workspace's claims. */
async function backupsOf({ cluster, namespace }: DeployedWorkspace, pod: V1Pod): Promise<Thing[]> {
  const kind = { apiVersion: "volsync.backube/v1alpha1", kind: "ReplicationSource" };
  const sources = await cluster.objects.all({ ...kind, namespace });
  const ours = sources.filter(({ spec }) => claimNames(pod).includes(spec?.sourcePVC));
  const found = await Promise.all(
    ours.map(async ({ spec }) => {
      const secret = spec?.restic?.repository as string | undefined;
      if (!secret) return [];
      const places = await valuesOf(cluster, namespace, secret, "RESTIC_REPOSITORY");
      return [
        { kind: "backup Secret" as const, id: `${namespace}/${secret}`, told: secret },
        ...places.map(({ value, told }) => ({
          kind: "backup repository" as const,
          id: value.toString().replace(/\/+$/, ""),
          told,
        })),
      ];
    }),
  );
  return found.flat();
}

/** The value of a key, or of all keys, of a Secret; none where it is not there. */
async function valuesOf(
  cluster: Cluster,
  namespace: string,
  secret: string,
  key?: string,
): Promise<{ key: string; value: Buffer; told: string }[]> {
  const object = await cluster.objects.find({ apiVersion: "v1", kind: "Secret", namespace, name: secret });
  return Object.entries((object as V1Secret | undefined)?.data ?? {})
    .filter(([name]) => key === undefined || name === key)
    .map(([name, value]) => ({
      key: name,
      value: Buffer.from(value, "base64"),
      told: `${name} of Secret ${secret}`,
    }));
}

function containersOf({ spec }: V1Pod) {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
}

function readable(pod: V1Pod, container: ReturnType<typeof containersOf>[number]) {
  return pod.spec ? readableSecrets({ pod: pod.spec }, container) : [];
}

function claimNames({ spec }: V1Pod): string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

function digestOf(value: Buffer): string {
  return createHash("sha256").update(value).digest("hex");
}
