import { setTimeout as delay } from "node:timers/promises";
import { mostCounted, refusedTables } from "./refuse-outside.ts";

/** An address outside of the cluster that a node has refused. */
export interface RefusedAddress {
  /** Who asked: a pod's address, or the node's for itself and for pods on its network. */
  clientIp: string;
  address: string;
  protocol: "tcp" | "udp" | "other";
  /** Missing where the protocol has none. */
  port?: number;
  /** How often, of which at most `mostCounted` are known since the node's last start. */
  count: number;
}

/** A node, as far as it can be asked. */
interface CanRun {
  exec(command: string[]): Promise<{ output: string; exitCode: number }>;
}

/** On the node's disk, with what it has refused before it was last switched off: the kernel forgets it then. */
const before = "/var/log/refused-addresses";

const tables = "refused-tcp refused-udp refused-other";
const inTables = `cd ${refusedTables} && cat ${tables} > /dev/null`;

/** An engine that says nothing must not keep the verdict of a run. */
const shownWithinMs = 10_000;

/** Since the node's first start. Throws where it remembers nothing: its kernel cannot, or it is down, or does not answer. */
export async function refusedAddresses({ exec }: CanRun): Promise<RefusedAddress[]> {
  const show = `${inTables} && { grep -h "" ${before} 2> /dev/null; grep -H "" ${tables}; :; }`;
  const shown = await Promise.race([
    exec(["sh", "-c", show]),
    delay(shownWithinMs, undefined, { ref: false }),
  ]);
  if (!shown) throw new Error(`no answer within ${shownWithinMs / 1000} s`);
  const { output, exitCode } = shown;
  if (exitCode !== 0) throw new Error(`it remembers none (${output.trim()})`);
  return parseRefused(output);
}

/** A node that does not answer is to go all the same. */
const answerWithinMs = 5_000;

/** For who switches a node off. What cannot be kept is lost with it. */
export async function keepRefused({ exec }: CanRun, withinMs = answerWithinMs): Promise<void> {
  const keep = exec(["sh", "-c", `${inTables} && grep -H "" ${tables} >> ${before}`]).catch(() => {});
  await Promise.race([keep, delay(withinMs, undefined, { ref: false })]);
}

/** As xt_hashlimit shows them: `<seconds left> <from>:0-><to>:<port> <credit> <most credit> <what one attempt costs>`. */
const line = /refused-(tcp|udp|other):\d+ ([\d.]+):\d+->([\d.]+):(\d+) (\d+) (\d+) (\d+)$/;

export function parseRefused(text: string): RefusedAddress[] {
  return text.split("\n").flatMap((row) => {
    const [, protocol, clientIp = "", address = "", port, credit = "", most = "", cost = ""] =
      line.exec(row) ?? [];
    if (protocol === undefined) return [];
    return [
      {
        clientIp,
        address,
        protocol: protocol as RefusedAddress["protocol"],
        ...(protocol === "other" ? {} : { port: Number(port) }),
        count: countOf(BigInt(credit), BigInt(most), BigInt(cost)),
      },
    ];
  });
}

/** Credit comes back at one attempt an hour: a part of one that has come back is still one. */
function countOf(credit: bigint, most: bigint, cost: bigint): number {
  const spent = cost > 0n ? Number((most - credit + cost - 1n) / cost) : 1;
  return Math.min(Math.max(spent, 1), mostCounted);
}
