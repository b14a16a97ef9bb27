import type { Cluster } from "../cluster/index.ts";
import type { Ending } from "./started-world.ts";
import type { World } from "./world.ts";

/** How things stand now, for whoever compares this run with another. */
export async function endingOf(
  cluster: { objects: Pick<Cluster["objects"], "all"> },
  { github, dns, workspaces }: Pick<World, "github" | "dns" | "workspaces">,
): Promise<Ending> {
  const [restarts, records, clones] = await Promise.all([
    restartsIn(cluster, [...new Set(workspaces.map(({ facts }) => facts.namespace))]),
    dns.records(),
    github.clones(),
  ]);
  const lines = records
    .filter(({ recordType }) => recordType !== "TXT") // external-dns's own marks
    .map(({ dnsName, recordType, targets }) => `${dnsName} ${recordType} ${targets.join(" ")}`);
  return { restarts, records: lines.sort(), clones };
}

interface Pod {
  metadata?: { namespace?: string; name?: string; ownerReferences?: { name: string }[] };
  status?: { containerStatuses?: Status[]; initContainerStatuses?: Status[] };
}
interface Status {
  name: string;
  restartCount: number;
}

async function restartsIn(
  cluster: { objects: Pick<Cluster["objects"], "all"> },
  namespaces: readonly string[],
): Promise<Record<string, number>> {
  const pods = await Promise.all(
    namespaces.map((namespace) => cluster.objects.all({ apiVersion: "v1", kind: "Pod", namespace })),
  );
  const restarts: Record<string, number> = {};
  for (const { metadata, status } of pods.flat() as Pod[]) {
    const [owner] = metadata?.ownerReferences ?? [];
    // A ReplicaSet's name ends with the hash of its template.
    const workload = owner?.name.replace(/-[a-f0-9]{6,10}$/, "") ?? metadata?.name ?? "";
    for (const { name, restartCount } of [
      ...(status?.initContainerStatuses ?? []),
      ...(status?.containerStatuses ?? []),
    ]) {
      const key = `${workload}/${name}`;
      restarts[key] = (restarts[key] ?? 0) + restartCount;
    }
  }
  return restarts;
}
