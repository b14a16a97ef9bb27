import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import type { AnyObject } from "../cluster/index.ts";
import { watchUsage } from "./pod-usage.ts";

const podOf = (name: string, ...limits: (string | undefined)[]): AnyObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace: "opencode", name },
  spec: { containers: limits.map((memory) => ({ resources: memory ? { limits: { memory } } : {} })) },
});

/** Two kubelets' figures of one moment each time they are asked; `down` never answers. */
function stage(pods: AnyObject[]) {
  let asked = 0;
  const figures = (name: string, bytes: number) => ({
    podRef: { name, namespace: "opencode" },
    memory: { time: new Date(1_000_000 + asked * 10_000).toISOString(), workingSetBytes: bytes },
    cpu: { usageNanoCores: 250_400_000 },
  });
  return {
    nodes: [{ name: "agent-1" }, { name: "down" }],
    objects: {
      async get(path: string): Promise<unknown> {
        if (path.includes("/down/")) throw new Error("no route to host");
        asked += 1;
        return {
          node: {},
          pods: [
            figures("flux", 100 + asked),
            figures("two", 7),
            { podRef: { name: "new", namespace: "opencode" } },
          ],
        };
      },
      all: async () => pods,
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(5);
}

it("collects what each kubelet says, and the limit of the pods whose containers all have one", async () => {
  await using watch = watchUsage(stage([podOf("flux", "512Mi", "64Mi"), podOf("two", "1Gi", undefined)]), 5);
  await until(() => (watch.seen()[0]?.samples.length ?? 0) >= 2);
  const [flux, two] = watch.seen();
  expect(flux).toMatchObject({ namespace: "opencode", pod: "flux", limitBytes: 576 * 1024 ** 2 });
  expect(flux?.samples.slice(0, 2)).toEqual([
    [1_010_000, 101, 250],
    [1_020_000, 102, 250],
  ]);
  expect(two).not.toHaveProperty("limitBytes");
});

it("keeps fewer samples the longer it watches, and all of its time", async () => {
  await using watch = watchUsage(stage([]), 0);
  await until(() => (watch.seen()[0]?.samples.at(-1)?.[0] ?? 0) > 1_000_000 + 600 * 10_000);
  const samples = watch.seen()[0]?.samples ?? [];
  expect(samples.length).toBeLessThanOrEqual(400);
  expect(samples[0]?.[0]).toBe(1_010_000);
});

it("looks no more once it is disposed of", async () => {
  const watch = watchUsage(stage([]), 5);
  await watch[Symbol.asyncDispose]();
  const seen = JSON.stringify(watch.seen());
  await delay(30);
  expect(JSON.stringify(watch.seen())).toBe(seen);
});
