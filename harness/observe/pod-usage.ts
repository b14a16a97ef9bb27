import { setTimeout as delay } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { quantityToScalar } from "@kubernetes/client-node/dist/util.js"; // its door does not show it
import { z } from "zod";
import type { Cluster } from "../cluster/index.ts";

/** Memory and CPU of one pod over the run. */
export interface PodUsage {
  namespace: string;
  pod: string;
  /** Memory limits of all its containers together; missing where one has none. */
  limitBytes?: number;
  /** Milliseconds since 1970; bytes of its working set, as the kubelet evicts by; thousandths of a CPU. */
  samples: [at: number, bytes: number, millicores: number][];
}

/** Watches from its start until it is disposed of. */
export interface UsageWatch extends AsyncDisposable {
  /** What has been seen so far. */
  seen(): PodUsage[];
}

/** The kubelet looks at its containers every 10 s: more often nothing new is to be had. */
const lookEveryMs = 10_000;
/** A node that is down answers nothing. */
const answerWithinMs = 5_000;
/** Of a run of hours every second sample goes, as often as needed. */
const mostSamples = 400;

const summary = z.object({
  pods: z.array(
    z.object({
      podRef: z.object({ name: z.string(), namespace: z.string() }),
      memory: z.object({ time: z.string(), workingSetBytes: z.number().optional() }).optional(),
      cpu: z.object({ usageNanoCores: z.number().optional() }).optional(),
    }),
  ),
});

type Watched = { nodes: readonly { name: string }[]; objects: Pick<Cluster["objects"], "get" | "all"> };

/** Asks each kubelet for the figures that it has; what cannot be had is missing. */
export function watchUsage({ nodes, objects }: Watched, everyMs = lookEveryMs): UsageWatch {
  const pods = new Map<string, PodUsage>();
  const over = new AbortController();

  async function look(): Promise<void> {
    await Promise.all(nodes.map(({ name }) => lookAt(name).catch(() => {})));
    if ([...pods.values()].some((usage) => !limits.has(usage))) await learnLimits().catch(() => {});
  }

  async function lookAt(node: string): Promise<void> {
    const path = `/api/v1/nodes/${node}/proxy/stats/summary`;
    const answer = objects.get(path, { only_cpu_and_memory: "true" });
    const found = await Promise.race([answer, delay(answerWithinMs, undefined, { ref: false })]);
    answer.catch(() => {}); // it may come to nothing long after nobody waits for it
    for (const one of summary.safeParse(found).data?.pods ?? []) add(one);
  }

  function add({ podRef, memory, cpu }: z.infer<typeof summary>["pods"][number]): void {
    if (memory?.workingSetBytes === undefined) return;
    const { namespace, name: pod } = podRef;
    const key = `${namespace}/${pod}`;
    const usage = pods.get(key) ?? { namespace, pod, samples: [] };
    pods.set(key, usage);
    const at = Date.parse(memory.time);
    if (usage.samples.at(-1)?.[0] === at) return;
    usage.samples.push([at, memory.workingSetBytes, Math.round((cpu?.usageNanoCores ?? 0) / 1e6)]);
    if (usage.samples.length > mostSamples)
      usage.samples = usage.samples.filter((_, index) => index % 2 === 0);
  }

  /** Pods whose limits are known, or known not to be. */
  const limits = new Set<PodUsage>();
  async function learnLimits(): Promise<void> {
    for (const pod of (await objects.all({ apiVersion: "v1", kind: "Pod" })) as V1Pod[]) {
      const usage = pods.get(`${pod.metadata?.namespace}/${pod.metadata?.name}`);
      const limitBytes = memoryLimit(pod);
      if (usage && limitBytes !== undefined) usage.limitBytes = limitBytes;
    }
    for (const usage of pods.values()) limits.add(usage);
  }

  const watching = (async () => {
    while (!over.signal.aborted) {
      await look();
      await delay(everyMs, undefined, { signal: over.signal, ref: false }).catch(() => {});
    }
  })();
  return {
    seen: () => [...pods.values()],
    async [Symbol.asyncDispose]() {
      over.abort();
      await watching;
    },
  };
}

function memoryLimit({ spec }: V1Pod): number | undefined {
  const limits = (spec?.containers ?? []).map(({ resources }) => resources?.limits?.memory);
  if (limits.some((limit) => limit === undefined)) return undefined;
  return limits.reduce((sum, limit) => sum + Number(quantityToScalar(limit ?? "0")), 0);
}
