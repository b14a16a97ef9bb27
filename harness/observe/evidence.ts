import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { messageOf, redact } from "../base/index.ts";
import type { AnyObject, Cluster } from "../cluster/index.ts";

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

/**
 * Stores the state of the cluster in `directory`: objects, events, the logs of every container (those of previous
 * instances too) and of the nodes' own programs. All of it passes the redactor. What cannot be had is noted in
 * incomplete.txt; a broken cluster must not cost the rest of the evidence.
 */
export async function collectEvidence(cluster: Cluster, directory: string): Promise<void> {
  const missing: string[] = [];
  const attempt = (what: string, work: Promise<void>) =>
    work.catch((error) => void missing.push(`${what}: ${messageOf(error)}`));
  await mkdir(directory, { recursive: true });
  const write = async (file: string, text: string) => {
    if (text !== "") await writeFile(join(directory, file), redact(text));
  };
  await Promise.all([
    ...kinds.map(([apiVersion, kind]) => attempt(kind, storeObjects(cluster, apiVersion, kind, write))),
    attempt("events", storeEvents(cluster, write)),
    attempt("logs of pods", storeLogs(cluster, write)),
    ...cluster.nodes.map((node) =>
      attempt(
        `logs of node ${node.name}`,
        node
          .exec(["sh", "-c", "tail -n 300 /var/log/k3s/*.log 2>/dev/null"])
          .then(({ output }) => write(`node-${node.name}.log`, output)),
      ),
    ),
  ]);
  await write("incomplete.txt", missing.join("\n"));
}

type Write = (file: string, text: string) => Promise<void>;

async function storeObjects(cluster: Cluster, apiVersion: string, kind: string, write: Write): Promise<void> {
  const objects = await cluster.objects.all({ apiVersion, kind });
  await write(
    `${kind.toLowerCase()}.yaml`,
    objects.map((object) => `---\n${stringify(withoutManagedFields(object))}`).join(""),
  );
}

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

async function storeEvents(cluster: Cluster, write: Write): Promise<void> {
  const events = (await cluster.objects.all({ apiVersion: "v1", kind: "Event" })) as CoreEvent[];
  const lines = events.map(
    ({ lastTimestamp, eventTime, metadata, type, reason, message, involvedObject: about }) => {
      const time = new Date(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? 0).toISOString();
      return `${time} ${type} ${about?.kind} ${about?.namespace ?? ""}/${about?.name} ${reason}: ${message}`;
    },
  );
  await write("events.txt", lines.sort().join("\n"));
}

async function storeLogs(cluster: Cluster, write: Write): Promise<void> {
  const pods = await cluster.objects.all({ apiVersion: "v1", kind: "Pod" });
  const targets = pods.flatMap(({ metadata, spec }) =>
    [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((container: { name: string }) => ({
      namespace: metadata?.namespace ?? "",
      pod: metadata?.name ?? "",
      container: container.name,
    })),
  );
  await Promise.all(
    targets.map(async (target) => {
      const name = `${target.namespace}-${target.pod}-${target.container}`;
      await write(`${name}.log`, await cluster.log(target));
      await write(`${name}.previous.log`, await cluster.log(target, { previous: true }));
    }),
  );
}
