import { posix } from "node:path";
import type { V1Container } from "@kubernetes/client-node";
import type { ObjectName, RenderedTree } from "../rendered-tree.ts";
import type { WorkspaceFacts } from "../workspace-facts.ts";
import { backupOf } from "./backup.ts";
import { claimsOf } from "./claims.ts";
import { clonesOf } from "./clones.ts";
import { loginOf } from "./login.ts";
import { networkOf } from "./network.ts";
import { Objects } from "./objects.ts";
import { defaultPort, type OpenCodeCommand, openCodeCommand } from "./open-code-command.ts";
import { passwordOf } from "./password.ts";
import { type Program, programOf } from "./program.ts";
import { readableSecrets } from "./readable-secrets.ts";
import { usedExternalSecrets } from "./used-external-secrets.ts";
import { containersOf, type Workload, workloadsIn } from "./workload.ts";

/** The OpenCode workspaces of a tree, in its order, with what the tree says of each. */
export function findWorkspaces(rendered: RenderedTree): WorkspaceFacts[] {
  const objects = new Objects(rendered);
  const found = workloadsIn(rendered).flatMap((workload) => {
    const app = appOf(workload, objects);
    return app ? [{ ...factsOf(workload, app, objects), dependsOn: dependsOn(rendered, workload) }] : [];
  });
  const isTwice = (name: string) => found.filter((other) => other.name === name).length > 1;
  return found.map((facts) =>
    isTwice(facts.name) ? { ...facts, name: `${facts.namespace}/${facts.name}` } : facts,
  );
}

/** The container that runs OpenCode, what it runs, and as which server. */
interface App {
  container: V1Container;
  program: Program;
  server: OpenCodeCommand;
}

function appOf(workload: Workload, objects: Objects): App | undefined {
  for (const container of workload.pod.containers) {
    const program = programOf(workload, container, objects);
    const server = openCodeCommand(container, program);
    if (server) return { container, program, server };
  }
  return undefined;
}

function factsOf(
  workload: Workload,
  { container, program, server }: App,
  objects: Objects,
): Omit<WorkspaceFacts, "dependsOn"> {
  const { kind, name, namespace, release, kustomization } = workload;
  const { services, hosts } = networkOf(workload, objects);
  const password = passwordOf(workload, container, program, objects);
  const login = loginOf(workload, container, objects);
  const claims = claimsOf(workload);
  const backup = backupOf({ namespace, name, claims: claims.map((claim) => claim.name) }, objects);
  return {
    name,
    namespace,
    workload: { kind, name },
    selector: workload.spec.selector.matchLabels ?? {},
    container: container.name,
    ...otherContainers(workload, container),
    image: container.image ?? "",
    command: server.command,
    port: server.port ?? container.ports?.[0]?.containerPort ?? defaultPort,
    ...identityOf(workload, container),
    ...placesOf(container, program),
    services,
    hosts,
    claims,
    ...(password ? { password } : {}),
    clones: clonesOf(workload, objects),
    ...(login ? { login } : {}),
    ...(backup ? { backup } : {}),
    held: containersOf(workload).flatMap((one) =>
      readableSecrets(workload, one).map((secret) => ({ container: one.name, ...secret })),
    ),
    ...(release ? { release: releaseOf(release, workload, objects) } : {}),
    kustomization,
    externalSecrets: usedExternalSecrets(workload, objects),
  };
}

/** What the workload's Kustomization waits for; without a namespace a name is one of its own. */
function dependsOn(
  { kustomizations }: RenderedTree,
  { kustomization }: Workload,
): WorkspaceFacts["dependsOn"] {
  const { namespace, name } = kustomization;
  const own = kustomizations.find((one) => one.name === name && one.namespace === namespace);
  const named = (own?.object.spec as { dependsOn?: { name: string; namespace?: string }[] })?.dependsOn ?? [];
  return named.map((one) => ({ namespace: one.namespace ?? namespace, name: one.name }));
}

/** An init container that goes on running is a sidecar. */
function otherContainers({ pod }: Workload, app: V1Container) {
  const initContainers = pod.initContainers ?? [];
  const goesOn = ({ restartPolicy }: V1Container) => restartPolicy === "Always";
  const beside = pod.containers.filter((container) => container !== app);
  return {
    initContainers: initContainers.filter((container) => !goesOn(container)).map(({ name }) => name),
    sidecars: [...initContainers.filter(goesOn), ...beside].map(({ name }) => name),
  };
}

function identityOf({ pod }: Workload, { securityContext }: V1Container) {
  const uid = securityContext?.runAsUser ?? pod.securityContext?.runAsUser;
  const gid = securityContext?.runAsGroup ?? pod.securityContext?.runAsGroup;
  const fsGroup = pod.securityContext?.fsGroup;
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ...(fsGroup === undefined ? {} : { fsGroup }),
  };
}

function placesOf({ workingDir }: V1Container, { variables: { XDG_DATA_HOME, HOME } }: Program) {
  const home = XDG_DATA_HOME || (HOME && posix.join(HOME, ".local/share"));
  return {
    ...(workingDir ? { workingDirectory: workingDir } : {}),
    ...(home ? { dataDirectory: posix.join(home, "opencode") } : {}),
  };
}

function releaseOf(release: ObjectName, workload: Workload, objects: Objects) {
  const { postRenderers } = (objects.find("HelmRelease", release)?.spec ?? {}) as { postRenderers?: unknown };
  const controller = controllerOf(workload);
  return { ...release, controller, ...(Array.isArray(postRenderers) ? { hasPostRenderers: true } : {}) };
}

/** Its identifier in the values of app-template. */
function controllerOf({ podLabels, name }: Workload): string {
  return podLabels["app.kubernetes.io/controller"] ?? podLabels["app.kubernetes.io/component"] ?? name;
}
