import { expect, it } from "vitest";
import type { Cluster, Wait } from "../cluster/index.ts";
import { PodNames } from "./pod-names.ts";

it("an address is told by the workload of its pod, also when that is gone", async () => {
  let show: (pods: object[]) => void = () => {};
  const wait = ({ until, signal }: Wait<never>) => {
    show = (pods) => void until(pods as Parameters<typeof until>[0]);
    return new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  };
  await using names = new PodNames({ wait } as unknown as Pick<Cluster, "wait">);
  const labels = { "pod-template-hash": "5c99c456fc" };
  const metadata = { namespace: "opencode", name: "opencode-flux-5c99c456fc-2rxfb", labels };
  show([{ metadata, status: { podIP: "10.42.1.3" } }]);
  show([
    {
      metadata: { namespace: "kube-system", name: "node-thing" },
      spec: { hostNetwork: true },
      status: { podIP: "172.20.0.2" },
    },
  ]);
  show([]);
  expect(names.nameOf("10.42.1.3")).toBe("opencode/opencode-flux");
  expect(names.nameOf("172.20.0.2")).toBeUndefined();
});
