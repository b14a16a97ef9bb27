import { messageOf } from "../../base/index.ts";
import { type AnyObject, type RefusedAddress, refusedAddresses } from "../../cluster/index.ts";
import { type EgressEntry, egressLedger, parseEgress, refusedLedger } from "../../internet/index.ts";
import type { LedgerCluster, LedgerSources } from "./sources.ts";

/** Who asked for names outside, by what the cluster's DNS has logged, and for addresses, by what each node has refused. */
export async function egressOf(
  cluster: LedgerCluster,
  { whoHad, note }: Pick<LedgerSources, "whoHad" | "note">,
): Promise<EgressEntry[]> {
  const coreDns = await coreDnsPods(cluster);
  const [log, nodes, refused] = await Promise.all([
    dnsLog(cluster, coreDns),
    nodeNames(cluster),
    Promise.all(cluster.nodes.map((node) => refusedOn(node, note))),
  ]);
  const resolvers = new Set(coreDns.map(({ spec }) => spec?.nodeName));
  const known = (ip: string) => whoHad(ip) ?? nodes.get(ip);
  const who = (ip: string) => known(ip) ?? `${ip} (a node, or a pod of a moment)`;
  const addresses = refused.flatMap((ofNode, index) => {
    const hasResolver = resolvers.has(cluster.nodes[index]?.name);
    return ofNode.filter((one) => !isOfDns(one, { who: known(one.clientIp), hasResolver, ofNode }));
  });
  return [...refusedLedger(addresses, who), ...egressLedger(parseEgress(log), who)];
}

async function coreDnsPods(cluster: LedgerCluster): Promise<AnyObject[]> {
  const pods = await cluster.objects.all({ apiVersion: "v1", kind: "Pod" });
  return pods.filter(({ metadata }) => metadata?.labels?.["k8s-app"] === "kube-dns");
}

async function dnsLog(cluster: LedgerCluster, coreDns: readonly AnyObject[]): Promise<string> {
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
 * is gone before anybody looks at pods, and has asked nothing else of the node that has CoreDNS. Which names were asked for
 * stands in its log. Whoever else asks a resolver outside is told.
 */
function isOfDns(
  { port, protocol, clientIp }: RefusedAddress,
  from: { who: string | undefined; hasResolver: boolean; ofNode: readonly RefusedAddress[] },
): boolean {
  if (port !== 53) return false;
  if (from.who !== undefined) return from.who === "kube-system/coredns";
  const others = from.ofNode.filter((one) => one.clientIp === clientIp && one.port !== 53);
  return from.hasResolver && protocol === "udp" && others.length === 0;
}
