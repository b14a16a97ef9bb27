import { messageOf } from "../../base/index.ts";
import { type RefusedAddress, refusedAddresses } from "../../cluster/index.ts";
import { type EgressEntry, egressLedger, parseEgress, refusedLedger } from "../../internet/index.ts";
import type { LedgerCluster, LedgerSources } from "./sources.ts";

/** Who asked for names outside, by what the cluster's DNS has logged, and for addresses, by what each node has refused. */
export async function egressOf(
  cluster: LedgerCluster,
  { whoHad, note }: Pick<LedgerSources, "whoHad" | "note">,
): Promise<EgressEntry[]> {
  const [log, nodes, refused] = await Promise.all([
    dnsLog(cluster),
    nodeNames(cluster),
    Promise.all(cluster.nodes.map((node) => refusedOn(node, note))),
  ]);
  const known = (ip: string) => whoHad(ip) ?? nodes.get(ip);
  const who = (ip: string) => known(ip) ?? `${ip} (a node, or a pod of a moment)`;
  const addresses = refused.flat().filter((one) => !isOfDns(one, known(one.clientIp)));
  return [...refusedLedger(addresses, who), ...egressLedger(parseEgress(log), who)];
}

async function dnsLog(cluster: LedgerCluster): Promise<string> {
  const pods = await cluster.objects.all({ apiVersion: "v1", kind: "Pod" });
  const coreDns = pods.filter(({ metadata }) => metadata?.labels?.["k8s-app"] === "kube-dns");
  const logs = await Promise.all(
    coreDns.map(({ metadata }) =>
      cluster.log({ namespace: "kube-system", pod: metadata?.name ?? "", container: "coredns" }),
    ),
  );
  return logs.join("\n");
}

/** The nodes by their addresses, which pods on a node's own network have too. */
async function nodeNames({ objects }: LedgerCluster): Promise<Map<string, string>> {
  const nodes = await objects.all({ apiVersion: "v1", kind: "Node" });
  return new Map(
    nodes.flatMap(({ metadata, status }) =>
      ((status?.addresses ?? []) as { type: string; address: string }[])
        .filter(({ type }) => type === "InternalIP")
        .map(({ address }) => [address, `node ${metadata?.name}`] as const),
    ),
  );
}

/** What the others have refused is no less true. */
async function refusedOn(
  node: LedgerCluster["nodes"][number],
  note: LedgerSources["note"],
): Promise<RefusedAddress[]> {
  try {
    return await refusedAddresses(node);
  } catch (error) {
    note(`egress ledger without addresses that node ${node.name} has refused: ${messageOf(error)}`);
    return [];
  }
}

/**
 * CoreDNS starts before it has the names of the run, and then asks beyond the cluster whether its questions come back to it. That pod
 * is gone before anybody looks at pods. Which names were asked for stands in its log.
 */
function isOfDns({ port }: RefusedAddress, who: string | undefined): boolean {
  return port === 53 && (who === undefined || who === "kube-system/coredns");
}
