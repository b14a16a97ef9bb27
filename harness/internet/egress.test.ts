import { describe, expect, it } from "vitest";
import { egressLedger, parseEgress, refusedLedger } from "./egress.ts";

const log = `.:53
CoreDNS-1.13.1
[INFO] 127.0.0.1:49603 - 31372 "HINFO IN 5490122469981511876.2213918651493240106. udp 57 false 512" NXDOMAIN qr,aa,rd 136 0.000279776s
[INFO] 10.42.1.5:50276 - 12640 "A IN github.com. udp 28 false 512" NOERROR qr,aa,rd 85 0.000285044s
[INFO] 10.42.1.5:36596 - 6749 "AAAA IN GitHub.com. udp 28 false 512" NOERROR qr,aa,rd 107 0.00024141s
[INFO] 10.42.2.9:39577 - 25611 "A IN models.dev. tcp 33 false 65535" NXDOMAIN qr,aa,rd 112 0.000171646s
[INFO] 10.42.2.9:33080 - 1 "A IN models.dev.opencode.svc.cluster.local. udp 54 false 512" NXDOMAIN qr,aa,rd 147 0.000090074s
[INFO] 10.42.2.9:33081 - 2 "PTR IN 5.1.42.10.in-addr.arpa. udp 42 false 512" NXDOMAIN qr,aa,rd 100 0.00009s
[INFO] [fd00::9]:33082 - 3 "A IN notcluster.local. udp 42 false 512" NXDOMAIN qr,aa,rd 100 0.00009s
[ERROR] plugin/errors: 2 x. A: read udp 10.42.0.2:5->192.0.2.1:53: i/o timeout
2026-01-01T00:00:00.000000000Z [INFO] 10.42.2.9:33083 - 4 "A IN models.dev. udp 33 true 1232" NXDOMAIN qr,aa,rd 112 0.0001s
`;

describe("a CoreDNS log", () => {
  it("tells who asked for which name outside of the cluster", () => {
    expect(parseEgress(log)).toEqual([
      { clientIp: "10.42.1.5", name: "github.com", type: "A", rcode: "NOERROR" },
      { clientIp: "10.42.1.5", name: "github.com", type: "AAAA", rcode: "NOERROR" },
      { clientIp: "10.42.2.9", name: "models.dev", type: "A", rcode: "NXDOMAIN" },
      { clientIp: "fd00::9", name: "notcluster.local", type: "A", rcode: "NXDOMAIN" },
      { clientIp: "10.42.2.9", name: "models.dev", type: "A", rcode: "NXDOMAIN" },
    ]);
  });

  it("sums up to a ledger that begins with the names that nobody answers for", () => {
    const pods: Record<string, string> = {
      "10.42.1.5": "opencode/opencode-flux",
      "10.42.2.9": "opencode/opencode-ha",
    };
    expect(egressLedger(parseEgress(log), (ip) => pods[ip] ?? ip)).toEqual([
      { who: "opencode/opencode-ha", name: "models.dev", isAnswered: false, count: 2 },
      { who: "fd00::9", name: "notcluster.local", isAnswered: false, count: 1 },
      { who: "opencode/opencode-flux", name: "github.com", isAnswered: true, count: 2 },
    ]);
  });
});

it("sums up addresses that were refused, by who asked and what for", () => {
  const refused = (clientIp: string, port: number | undefined, protocol: "tcp" | "udp" | "other") => ({
    clientIp,
    address: "140.82.112.3",
    protocol,
    count: 2,
    ...(port === undefined ? {} : { port }),
  });
  const whoIs = (ip: string) => (ip.startsWith("10.42.") ? "opencode/opencode-ha" : "node agent-1");
  const entry = { who: "opencode/opencode-ha", isAnswered: false, isAddress: true, count: 2 };
  expect(
    refusedLedger(
      [
        refused("10.42.1.5", 443, "tcp"),
        refused("10.42.2.7", 443, "tcp"),
        refused("10.42.1.5", 443, "udp"),
        refused("172.20.0.3", undefined, "other"),
      ],
      whoIs,
    ),
  ).toEqual([
    { ...entry, name: "140.82.112.3:443", count: 4 },
    { ...entry, name: "140.82.112.3:443/udp" },
    { ...entry, name: "140.82.112.3", who: "node agent-1" },
  ]);
});
