import { type EgressEntry, egressLedger, parseEgress } from "../../internet/index.ts";
import type { LedgerCluster, LedgerSources } from "./sources.ts";

/** Who asked for names outside, by what the cluster's DNS has logged. */
export async function egressOf(
  cluster: LedgerCluster,
  whoHad: LedgerSources["whoHad"],
): Promise<EgressEntry[]> {
  const pods = await cluster.objects.all({ apiVersion: "v1", kind: "Pod" });
  const coreDns = pods.filter(({ metadata }) => metadata?.labels?.["k8s-app"] === "kube-dns");
  const logs = await Promise.all(
    coreDns.map(({ metadata }) =>
      cluster.log({ namespace: "kube-system", pod: metadata?.name ?? "", container: "coredns" }),
    ),
  );
  const who = (clientIp: string) => whoHad(clientIp) ?? `${clientIp} (a node, or a pod of a moment)`;
  return egressLedger(parseEgress(logs.join("\n")), who);
}
