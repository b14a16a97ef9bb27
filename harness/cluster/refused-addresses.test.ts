import { describe, expect, it, vi } from "vitest";
import { keepRefused, parseRefused, refusedAddresses } from "./refused-addresses.ts";

/** Of a kernel 6.18 with 100 ticks a second; another spends other figures, in the same proportion. */
const seen = `refused-tcp:86399 10.42.1.5:0->140.82.112.3:443 4947844639197669376 9895604616000000000 494780230800000000
refused-tcp:86395 10.42.1.5:0->169.254.169.254:80 9401376889792957440 9895604616000000000 494780230800000000
refused-udp:86396 172.20.0.2:0->8.8.8.8:53 13194139533312 9895604616000000000 494780230800000000
refused-other:86399 10.42.1.5:0->8.8.8.8:0 9895604616000000000 9895604616000000000 494780230800000000
`;

const node = (output: string, exitCode = 0) => ({ exec: vi.fn(async () => ({ output, exitCode })) });

describe("what a node has refused", () => {
  it("is told with who asked, for what, and how often as far as that is known", async () => {
    expect(await refusedAddresses(node(seen))).toEqual([
      { clientIp: "10.42.1.5", address: "140.82.112.3", protocol: "tcp", port: 443, count: 10 },
      { clientIp: "10.42.1.5", address: "169.254.169.254", protocol: "tcp", port: 80, count: 1 },
      { clientIp: "172.20.0.2", address: "8.8.8.8", protocol: "udp", port: 53, count: 20 },
      { clientIp: "10.42.1.5", address: "8.8.8.8", protocol: "other", count: 1 },
    ]);
  });

  it("is unknown where nothing is remembered, and that is said", async () => {
    const silent = node("sh: cd: can't cd to /proc/net/ipt_hashlimit: No such file or directory\n", 2);
    await expect(refusedAddresses(silent)).rejects.toThrow(/remembers none \(.*No such file or directory\)/);
  });

  it("is nothing where a line is of another kind", () => {
    expect(parseRefused("cat: refused-tcp: Permission denied\n\n")).toEqual([]);
  });

  it("is kept before a node goes, and holds up nobody where the node cannot be asked any more", async () => {
    const going = node("");
    await keepRefused(going);
    expect(going.exec).toHaveBeenCalledWith(["sh", "-c", expect.stringContaining(">> /var/log/")]);
    await keepRefused({ exec: () => Promise.reject(new Error("container is not running")) });
    await keepRefused({ exec: () => new Promise(() => {}) }, 10);
  });
});
