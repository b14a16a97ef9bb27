import { expect, it } from "vitest";
import { requireBridgeFilter } from "./bridge-filter.ts";

const saying = (output: string) => ({ exec: async () => ({ output, exitCode: output === "1\n" ? 0 : 1 }) });

it("takes a kernel that filters bridges", async () => {
  await requireBridgeFilter(saying("1\n"));
});

it.each([
  ["the module is not loaded", "cat: can't open '/proc/sys/net/bridge/bridge-nf-call-iptables'"],
  ["it is switched off", "0\n"],
])("says what is to be done when %s", async (_when, output) => {
  await expect(requireBridgeFilter(saying(output))).rejects.toMatchObject({
    code: "environment",
    message: expect.stringContaining("br_netfilter"),
    remedy: expect.stringContaining("modprobe br_netfilter"),
  });
});
