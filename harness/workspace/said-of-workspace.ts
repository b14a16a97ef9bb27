import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import { hasPassed, type Warning } from "./passed-events.ts";
import { ownersOfRefused } from "./refused-paths.ts";

/** An error of OpenCode's own takes some ten lines, the first of which says it. */
const lastLines = 15;

/** Warnings about the workspace's objects that hold yet, and the last lines of every container of its pods. */
export async function saidOf({ namespace, workload }: WorkspaceFacts, cluster: Cluster): Promise<string> {
  const isOurs = (name: string | undefined) => name?.startsWith(workload.name) ?? false;
  const ofKind = (kind: string) => cluster.objects.all({ apiVersion: "v1", kind, namespace });
  const [events, claims] = await Promise.all([ofKind("Event"), ofKind("PersistentVolumeClaim")]);
  const pods = (await cluster.pods(namespace)).filter(({ metadata }) => isOurs(metadata?.name));
  const logs = await Promise.all(pods.flatMap((pod) => lastLinesOf(cluster, namespace, pod)));
  const told = (events as unknown as CoreEvent[])
    .filter(({ type, involvedObject }) => type !== "Normal" && isOurs(involvedObject.name))
    .filter((event) => !hasPassed(event, { pods, claims }))
    .map(
      ({ involvedObject, reason, message }) =>
        `${involvedObject.kind} ${involvedObject.name}: ${reason}: ${message}`,
    );
  return [...new Set(told), ...logs.filter((log) => log !== "")].join("\n");
}

function lastLinesOf(cluster: Cluster, namespace: string, pod: V1Pod): Promise<string>[] {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  return containers.map(async (container) => {
    const target = {
      namespace,
      pod: pod.metadata?.name ?? "",
      container: container.name,
    };
    const log =
      (await cluster.log(target, { tailLines: lastLines })) ||
      (await cluster.log(target, { previous: true, tailLines: lastLines }));
    if (log.trim() === "") return "";
    // On a node that cannot be asked the log has to do.
    const owners = await ownersOfRefused(cluster, { pod, container, log }).catch(() => "");
    return [`log of ${target.pod}/${container.name}:\n${log.trimEnd()}`, owners].filter(Boolean).join("\n");
  });
}

interface CoreEvent extends Warning {
  type: string;
}
