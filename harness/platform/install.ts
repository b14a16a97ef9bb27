import type { Cluster, Verdict } from "../cluster/index.ts";
import type { KubeObject } from "./component.ts";

/** What `installPlatform` does with a cluster. */
export type PlatformCluster = Pick<Cluster, "create" | "wait">;

const definitionKind = "CustomResourceDefinition";

/**
 * Creates the platform, side by side as far as the API server can: the namespaces, then everything whose kind it
 * knows by itself, and the rest as soon as it serves the kinds. Nothing is waited for that only has to come up.
 */
export async function installPlatform(
  cluster: PlatformCluster,
  { definitions, objects }: { definitions: KubeObject[]; objects: KubeObject[] },
): Promise<void> {
  const namespaces = objects.filter(({ kind }) => kind === "Namespace");
  const allDefinitions = [...definitions, ...objects.filter(({ kind }) => kind === definitionKind)];
  const groups = new Set(allDefinitions.map(groupOf));
  const rest = objects.filter(({ kind }) => kind !== "Namespace" && kind !== definitionKind);
  const custom = rest.filter(({ apiVersion }) => groups.has(apiVersion.split("/")[0] ?? ""));
  const builtIn = rest.filter((object) => !custom.includes(object));
  // A controller that starts before its kinds are served gives up and is started again ten seconds later.
  const controllers = builtIn.filter(({ kind }) => kind === "Deployment");

  await Promise.all([
    cluster
      .create(namespaces)
      .then(() => cluster.create(builtIn.filter((object) => !controllers.includes(object)))),
    cluster.create(allDefinitions).then(() => established(cluster, allDefinitions)),
  ]);
  await Promise.all([cluster.create(controllers), cluster.create(custom)]);
}

function groupOf(definition: KubeObject): string {
  return (definition.spec as { group: string }).group;
}

async function established(cluster: PlatformCluster, definitions: KubeObject[]): Promise<void> {
  const wanted = definitions.map(({ metadata }) => metadata.name);
  await cluster.wait({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: definitionKind,
    what: "the platform's kinds are served",
    timeoutMs: 60_000,
    until: (found) => allEstablished(wanted, found),
  });
}

interface Conditioned {
  metadata?: { name?: string };
  status?: { conditions?: { type: string; status: string }[] };
}

export function allEstablished(wanted: string[], found: Conditioned[]): Verdict<true> {
  const ready = new Set(
    found
      .filter(({ status }) =>
        status?.conditions?.some((c) => c.type === "Established" && c.status === "True"),
      )
      .map(({ metadata }) => metadata?.name),
  );
  const missing = wanted.filter((name) => !ready.has(name));
  return missing.length === 0 ? { ready: true } : { waiting: `not served yet: ${missing.join(", ")}` };
}
