import { expect, it } from "vitest";
import type { Cluster, Wait } from "../cluster/index.ts";
import { RunningWorld, type RunningWorldParts } from "./running-world.ts";
import { descriptor, kubeconfig } from "./test-world.ts";

it("asks the cluster nothing by itself any more once it has stopped watching", async () => {
  const signals: AbortSignal[] = [];
  const wait = ({ signal }: Wait<never>) =>
    new Promise<never>((_, reject) => {
      if (signal) signals.push(signal);
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const cluster = { nodes: [], objects: {}, wait, descriptor: { kubeconfig } } as unknown as Cluster;
  const parts = { descriptor, cluster, caPem: "", credentials: {}, home: { tree: {} } };
  const world = new RunningWorld(parts as unknown as RunningWorldParts);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  await world.stopWatching();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(world.usage()).toEqual([]);
});
