import type { V1PodSpec } from "@kubernetes/client-node";
import type { AnyObject, Cluster } from "../cluster/index.ts";
import type { EventTrouble, ToldEvent } from "./event-trouble.ts";

/** Words of Kubernetes or a controller about an object of the tree, after which waiting is of no use. */
interface Words {
  kind: string;
  reason?: RegExp;
  says: RegExp;
  /** How often they must have been said: what can pass by itself is said once or twice while things come up. */
  times?: number;
}

/*
 * Each is what the named controller says in the version that runs here, and repeats for as long as the manifest is as it
 * is. What may pass by itself (a Secret that is on its way, a volume that follows its pod) must not stand here.
 */
const words: readonly Words[] = [
  // kubelet: a ConfigMap that no Kustomization brings; kustomize's hash at its name is a common cause.
  { kind: "Pod", reason: /FailedMount/, says: /configmap "[^"]+" not found/, times: 4 },
  { kind: "Pod", says: /Error: configmap "[^"]+" not found/, times: 4 },
  {
    kind: "Pod",
    says: /couldn't find key \S+ in (Secret|ConfigMap)|references non-existent (secret|config) key/,
    times: 4,
  },
  // kubelet: OpenCode asks for the password, and a probe has none.
  {
    kind: "Pod",
    reason: /Unhealthy/,
    says: /probe failed: HTTP probe failed with statuscode: 40[13]/,
    times: 3,
  },
  // ReplicaSet and StatefulSet controllers: the API server takes no such pod.
  { kind: "ReplicaSet", reason: /FailedCreate/, says: /is forbidden|is invalid/, times: 2 },
  { kind: "StatefulSet", reason: /FailedCreate/, says: /is forbidden|is invalid/, times: 2 },
  // External provisioner and volume controller: no such class, or a claim that it cannot make.
  // Twice: a claim that comes a moment before the volume of a manifest is told so once.
  {
    kind: "PersistentVolumeClaim",
    reason: /ProvisioningFailed/,
    says: /storageclass\S* "[^"]*" not found/,
    times: 2,
  },
  {
    kind: "PersistentVolumeClaim",
    reason: /ProvisioningFailed/,
    // A snapshot that is "not Ready" will be.
    says: /InvalidArgument|Unsupported|not supported|error getting handle for DataSource(?!.*is not Ready)/,
    times: 2,
  },
  // Snapshot controller: no such class.
  { kind: "VolumeSnapshot", reason: /GetSnapshotClassFailed/, says: /not found/ },
  // External Secrets: a template that names what no key brings, a store that is not there.
  {
    kind: "ExternalSecret",
    reason: /UpdateFailed/,
    says: /(unable to|could not) (execute|apply|parse) template/,
    times: 2,
  },
  { kind: "ExternalSecret", says: /could not get (Cluster)?SecretStore|"[^"]+" not found/, times: 6 },
  // cert-manager: an issuer that is not there.
  { kind: "CertificateRequest", reason: /IssuerNotFound/, says: /not found/, times: 2 },
];

/** What a controller has said about an object of the workspaces' namespaces, in its own words. */
export const toldTrouble: EventTrouble = {
  what: "something is said that does not pass by itself",
  isTold: (event) => words.some((one) => matches(one, event)),
  async find(cluster, namespace, event) {
    const { involvedObject, reason, message } = event;
    const found = await thatIsThere(cluster, namespace, event);
    if (!found) return undefined;
    return `${involvedObject?.kind} ${namespace}/${involvedObject?.name}: ${reason}: ${message}${askedBy(found, event)}`;
  },
};

function matches({ kind, reason, says, times = 1 }: Words, event: ToldEvent): boolean {
  return (
    event.involvedObject?.kind === kind &&
    (reason?.test(event.reason ?? "") ?? true) &&
    says.test(event.message ?? "") &&
    (event.count ?? 1) >= times
  );
}

const apiVersions: Record<string, string> = {
  Pod: "v1",
  PersistentVolumeClaim: "v1",
  VolumeSnapshot: "snapshot.storage.k8s.io/v1",
  ReplicaSet: "apps/v1",
  StatefulSet: "apps/v1",
  ExternalSecret: "external-secrets.io/v1",
  CertificateRequest: "cert-manager.io/v1",
};

/** What an object of before was told about is no trouble of this one. */
async function thatIsThere(
  cluster: Cluster,
  namespace: string,
  { involvedObject }: ToldEvent,
): Promise<AnyObject | undefined> {
  const { kind = "", name = "" } = involvedObject ?? {};
  const found = await cluster.objects.find({ apiVersion: apiVersions[kind] ?? "v1", kind, namespace, name });
  return found?.metadata?.deletionTimestamp === undefined ? found : undefined;
}

/** What a probe that failed asks for: the kubelet tells the answer alone. */
function askedBy({ spec }: AnyObject, { message = "", involvedObject }: ToldEvent): string {
  const [, probe] = /^(Startup|Readiness|Liveness) probe failed: HTTP/.exec(message) ?? [];
  const [, name] = /\{(.+)\}/.exec(involvedObject?.fieldPath ?? "") ?? [];
  if (probe === undefined || name === undefined) return "";
  const { initContainers = [], containers = [] } = (spec ?? {}) as V1PodSpec;
  const container = [...initContainers, ...containers].find((one) => one.name === name);
  const asked = container?.[`${probe.toLowerCase() as "startup" | "readiness" | "liveness"}Probe`]?.httpGet;
  return asked?.path === undefined ? "" : `; it asks for ${asked.path} on port ${asked.port}`;
}
