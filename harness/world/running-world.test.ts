import { expect, it } from "vitest";
import type { Cluster, Wait } from "../cluster/index.ts";
import { RunningWorld, type RunningWorldParts } from "./running-world.ts";

const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: a, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: a, user: {} }]
contexts: [{ name: a, context: { cluster: a, user: a } }]
current-context: a
`;
const url = "https://127.0.0.1:1";
const descriptor = {
  nodes: [],
  gateway: { host: "127.0.0.1", httpsPort: 1, httpPort: 2 },
  control: { github: url, doppler: url, copilot: url, dns: url },
  workspaces: [],
};

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
