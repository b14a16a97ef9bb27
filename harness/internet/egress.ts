import type { RefusedAddress } from "../cluster/index.ts";

/** One query for a name outside of the cluster, as CoreDNS logged it. */
export interface EgressQuery {
  clientIp: string;
  /** Without the final dot, in lower case. */
  name: string;
  /** A, AAAA, … */
  type: string;
  /** NOERROR: one of our stand-ins answers for the name. NXDOMAIN: nobody does. */
  rcode: string;
}

/** Who asked for which name or address outside, how often, and whether somebody answers for it. */
export interface EgressEntry {
  who: string;
  /** Of an address, with its port: `140.82.112.3:443`, `8.8.8.8:53/udp`; `8.8.8.8` alone for what has no ports. */
  name: string;
  /** Never of an address: the node has refused it. */
  isAnswered: boolean;
  /** Of an address, what is known of it: a node knows of 20 at most. */
  count: number;
  isAddress?: true;
}

/** The `log` plugin's common format: `10.42.1.5:38764 - 1234 "A IN github.com. udp 51 false 512" NOERROR …`. */
const logLine = /(\S+):\d+ - \d+ "(\S+) IN (\S+) (?:udp|tcp) [^"]*" (\w+)/;

/**
 * The queries for names outside of the cluster in a CoreDNS log, in order; lines of other kinds are passed over.
 * A resolver tries its search domains first, so `github.com.default.svc.cluster.local` is no query for outside;
 * nor are reverse look-ups and the query by which CoreDNS looks for loops (HINFO).
 */
export function parseEgress(logText: string): EgressQuery[] {
  return logText.split("\n").flatMap((line) => {
    const [, client = "", type = "", fqdn = "", rcode = ""] = logLine.exec(line) ?? [];
    const name = fqdn.toLowerCase().replace(/\.$/, "");
    if (name === "" || type === "HINFO" || /(^|\.)(cluster\.local|arpa)$/.test(name)) return [];
    return [{ clientIp: client.replace(/^\[|\]$/g, ""), name, type, rcode }];
  });
}

/** The queries summed up; `whoIs` gives an address its name (a pod, a node). Unanswered names come first. */
export function egressLedger(queries: EgressQuery[], whoIs: (clientIp: string) => string): EgressEntry[] {
  const entries = new Map<string, EgressEntry>();
  for (const { clientIp, name, rcode } of queries) {
    const who = whoIs(clientIp);
    const key = `${who} ${name}`;
    const entry = entries.get(key) ?? { who, name, isAnswered: false, count: 0 };
    entry.count += 1;
    entry.isAnswered ||= rcode === "NOERROR";
    entries.set(key, entry);
  }
  return [...entries.values()].sort((a, b) => Number(a.isAnswered) - Number(b.isAnswered));
}

/** The same of addresses that were asked for without a name, and refused. */
export function refusedLedger(refused: RefusedAddress[], whoIs: (clientIp: string) => string): EgressEntry[] {
  const entries = new Map<string, EgressEntry>();
  for (const one of refused) {
    const [who, name] = [whoIs(one.clientIp), nameOf(one)];
    const before = entries.get(`${who} ${name}`)?.count ?? 0;
    entries.set(`${who} ${name}`, {
      who,
      name,
      isAnswered: false,
      count: before + one.count,
      isAddress: true,
    });
  }
  return [...entries.values()];
}

function nameOf({ address, port, protocol }: RefusedAddress): string {
  if (port === undefined) return address;
  return protocol === "tcp" ? `${address}:${port}` : `${address}:${port}/${protocol}`;
}
