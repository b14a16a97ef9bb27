import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { messageOf, redact } from "../base/index.ts";
import type { AnyObject, Cluster } from "../cluster/index.ts";
import { storeContainers } from "./container-evidence.ts";
import type { Attempt, Write } from "./evidence-writing.ts";

/** Kinds whose objects are stored as they are, by API version. Never Secrets. */
const kinds: [apiVersion: string, kind: string][] = [
  ["v1", "Node"],
  ["v1", "Pod"],
  ["v1", "PersistentVolumeClaim"],
  ["v1", "PersistentVolume"],
  ["storage.k8s.io/v1", "VolumeAttachment"],
  ["apps/v1", "Deployment"],
  ["source.toolkit.fluxcd.io/v1", "GitRepository"],
  ["source.toolkit.fluxcd.io/v1", "OCIRepository"],
  ["kustomize.toolkit.fluxcd.io/v1", "Kustomization"],
  ["helm.toolkit.fluxcd.io/v2", "HelmRelease"],
  ["external-secrets.io/v1", "ExternalSecret"],
  ["external-secrets.io/v1", "ClusterSecretStore"],
  ["cert-manager.io/v1", "Certificate"],
  ["gateway.networking.k8s.io/v1", "Gateway"],
  ["gateway.networking.k8s.io/v1", "HTTPRoute"],
  ["gateway.envoyproxy.io/v1alpha1", "BackendTrafficPolicy"],
];

export interface EvidenceSources {
  runId: string;
  /** Not given where the cluster did not come up; its containers tell why. */
  cluster?: Pick<Cluster, "objects" | "log"> | undefined;
  /** What the engine knows of the run's containers; tests have none. */
  containers?: typeof storeContainers;
}

/**
 * Stores the state of the run in `directory`: objects, events, the logs of every container (those of previous
 * instances too), of the stand-ins and of the nodes' own programs. All of it passes the redactor. What cannot be had
 * is noted in incomplete.txt; a broken cluster must not cost the rest of the evidence.
 */
export async function collectEvidence(sources: EvidenceSources, directory: string): Promise<void> {
  const { runId, cluster, containers = storeContainers } = sources;
  const missing: string[] = [];
  const attempt: Attempt = async (what, work) => {
    try {
      await work();
    } catch (error) {
      missing.push(`${what}: ${messageOf(error)}`);
    }
  };
  await mkdir(directory, { recursive: true });
  const write: Write = async (file, text) => {
    if (text !== "") await writeFile(join(directory, file), redact(text));
  };
  await Promise.all([
    attempt("containers", () => containers(runId, write, attempt)),
    ...(cluster ? storeCluster(cluster, write, attempt) : []),
  ]);
  await write("incomplete.txt", missing.join("\n"));
}

function storeCluster(cluster: Source, write: Write, attempt: Attempt): Promise<void>[] {
  return [
    ...kinds.map(([apiVersion, kind]) => attempt(kind, () => storeObjects(cluster, apiVersion, kind, write))),
    attempt("events", () => storeEvents(cluster, write)),
    attempt("logs of pods", () => storeLogs(cluster, write, attempt)),
  ];
}

type Source = NonNullable<EvidenceSources["cluster"]>;

async function storeObjects(cluster: Source, apiVersion: string, kind: string, write: Write): Promise<void> {
  const objects = await cluster.objects.all({ apiVersion, kind });
  await write(
    `${kind.toLowerCase()}.yaml`,
    objects.map((object) => `---\n${toYaml(withoutManagedFields(object))}`).join(""),
  );
}

/** In long lines: a quoted text that is folded would be so in the middle of a secret too, which nobody finds then. */
const toYaml = (object: unknown): string => stringify(object, { lineWidth: 0 });

function withoutManagedFields(object: AnyObject): AnyObject {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}

interface CoreEvent extends AnyObject {
  lastTimestamp?: string;
  eventTime?: string;
  type?: string;
  reason?: string;
  message?: string;
  involvedObject?: { kind?: string; namespace?: string; name?: string };
}

async function storeEvents(cluster: Source, write: Write): Promise<void> {
  const events = (await cluster.objects.all({ apiVersion: "v1", kind: "Event" })) as CoreEvent[];
  const lines = events.map(
    ({ lastTimestamp, eventTime, metadata, type, reason, message, involvedObject: about }) => {
      const time = new Date(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? 0).toISOString();
      // Some are about an object that its controller does not name.
      const name = about?.name === undefined ? "" : ` ${about.namespace ?? ""}/${about.name}`;
      return `${time} ${type} ${about?.kind}${name} ${reason}: ${message}`;
    },
  );
  await write("events.txt", lines.sort().join("\n"));
}

async function storeLogs(cluster: Source, write: Write, attempt: Attempt): Promise<void> {
  const pods = await cluster.objects.all({ apiVersion: "v1", kind: "Pod" });
  const targets = pods.flatMap(({ metadata, spec }) =>
    [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((container: { name: string }) => ({
      namespace: metadata?.namespace ?? "",
      pod: metadata?.name ?? "",
      container: container.name,
    })),
  );
  await Promise.all(
    targets.map((target) => {
      const name = `${target.namespace}-${target.pod}-${target.container}`;
      // One by one: the log of a pod on a node that is gone cannot be had.
      return attempt(`log of ${name}`, async () => {
        await write(`${name}.log`, await cluster.log(target));
        await write(`${name}.previous.log`, await cluster.log(target, { previous: true }));
      });
    }),
  );
}
