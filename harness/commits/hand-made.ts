import { HarnessError, type ManifestPlace, mark } from "../base/index.ts";
import type { AnyObject, Cluster } from "../cluster/index.ts";
import { externalSecret, route } from "../diagnosis/index.ts";
import { reconcile } from "../gitops/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** Something that somebody has changed by hand in the cluster. */
interface HandMade {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  /** What was changed, in words. */
  field: string;
  change: object;
  isRight: (spec: AnyObject["spec"]) => boolean;
  look: ManifestPlace;
}

const putRightWithinMs = 20_000;

/**
 * Changes by hand what Git says otherwise: the host of the workspace's route, and how often one of its Secrets is looked
 * after. Flux looks again, as at its next interval; it puts each right, or tells of it in an event. Returns which, in
 * words.
 */
export async function changeByHand(workspace: DeployedWorkspace, signal: AbortSignal): Promise<string[]> {
  const { cluster, facts, name } = workspace;
  const since = new Date(Date.now() - 1_000); // events have whole seconds
  const changes = handMadeIn(workspace);
  mark(`somebody changes ${name} by hand`);
  await Promise.all(changes.map((change) => apply(cluster, change)));
  await reconcile(cluster.objects, [
    { kind: "Kustomization", ...facts.kustomization },
    ...(facts.release ? [{ kind: "HelmRelease" as const, ...facts.release }] : []),
  ]);
  return Promise.all(changes.map((change) => untilPutRightOrTold(workspace, change, since, signal)));
}

function handMadeIn({ facts, namespace, name }: DeployedWorkspace): HandMade[] {
  const [host] = facts.hosts;
  const [secret] = facts.externalSecrets;
  return [
    ...(host
      ? [
          {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "HTTPRoute",
            ...host.route,
            field: "hostnames",
            change: { hostnames: [`by-hand.${host.hostname}`] },
            isRight: (spec: AnyObject["spec"]) => spec?.hostnames?.includes(host.hostname),
            look: route(name, "hostnames"),
          },
        ]
      : []),
    ...(secret
      ? [
          {
            apiVersion: "external-secrets.io/v1",
            kind: "ExternalSecret",
            namespace,
            name: secret.name,
            field: "refreshInterval",
            change: { refreshInterval: byHand },
            isRight: (spec: AnyObject["spec"]) => spec?.refreshInterval !== byHand,
            look: externalSecret(name, "refreshInterval"),
          },
        ]
      : []),
  ];
}

/** Nobody writes so long an interval. */
const byHand = "4567h0m0s";

async function apply(
  cluster: Cluster,
  { apiVersion, kind, namespace, name, change }: HandMade,
): Promise<void> {
  await cluster.objects.merge({ apiVersion, kind, metadata: { namespace, name }, spec: change });
}

async function untilPutRightOrTold(
  workspace: DeployedWorkspace,
  { apiVersion, kind, namespace, name, field, isRight, look }: HandMade,
  since: Date,
  signal: AbortSignal,
): Promise<string> {
  const { cluster } = workspace;
  try {
    await cluster.wait({
      what: `${field} of ${kind} ${name} is again what Git says`,
      apiVersion,
      kind,
      namespace,
      name,
      timeoutMs: putRightWithinMs,
      signal,
      until: ([object]) => (object && isRight(object.spec) ? { ready: true } : { waiting: "it is not" }),
    });
    return `${field} of ${kind} ${name} was put right`;
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== "failed") throw error;
    const told = await driftTold(workspace, since);
    if (told?.includes(name)) return `${field} of ${kind} ${name} was told: ${told}`;
    throw new HarnessError(
      `${field} of ${kind} ${name} was changed by hand, and Flux has looked and neither put it right nor told of it`,
      {
        code: "failed",
        remedy:
          "let Flux look for drift: spec.driftDetection.mode: enabled (or warn) in the HelmRelease, and neither ssa: Ignore nor IfNotPresent on what a Kustomization applies",
        look: [{ kind: "HelmRelease", name: workspace.facts.release?.name ?? "", field: ["spec"] }, look],
        cause: error,
      },
    );
  }
}

interface Told {
  reason?: string;
  message?: string;
  lastTimestamp?: string;
  involvedObject?: { kind?: string; name?: string };
}

/** helm-controller's event about drift of the workspace's release. */
async function driftTold({ cluster, facts }: DeployedWorkspace, since: Date): Promise<string | undefined> {
  if (!facts.release) return undefined;
  const { namespace, name } = facts.release;
  const events = (await cluster.objects.all({ apiVersion: "v1", kind: "Event", namespace })) as Told[];
  return events.find(
    ({ reason, involvedObject, lastTimestamp = "" }) =>
      reason === "DriftDetected" && involvedObject?.name === name && new Date(lastTimestamp) >= since,
  )?.message;
}
