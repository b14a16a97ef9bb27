import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/index.ts";

/** Longer than any run. */
const forEverMs = 24 * 3_600_000;

/**
 * Who had which address while a world was running, pods that are gone included: who asked for a name outside is told when
 * the run ends, and most of who did is gone by then. An address that several had is told by the last.
 */
export class PodNames {
  readonly #names = new Map<string, string>();
  readonly #over = new AbortController();
  readonly #watching: Promise<unknown>;

  constructor(cluster: Pick<Cluster, "wait">) {
    this.#watching = cluster
      .wait<never>({
        what: "pods come and go",
        apiVersion: "v1",
        kind: "Pod",
        timeoutMs: forEverMs,
        signal: this.#over.signal,
        until: (pods) => {
          for (const pod of pods as V1Pod[]) this.#learn(pod);
          return { waiting: "for the end of the run" };
        },
      })
      .catch(() => {}); // it ends with the run, or with the API server, and then there is nothing more to learn
  }

  /** The workload of the pod that has or had the address; undefined if none did. */
  nameOf(ip: string): string | undefined {
    return this.#names.get(ip);
  }

  #learn({ metadata, status, spec }: V1Pod): void {
    if (!status?.podIP || spec?.hostNetwork) return;
    this.#names.set(
      status.podIP,
      `${metadata?.namespace}/${workloadOf(metadata?.name ?? "", metadata?.labels)}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }
}

/** The name of a Deployment's pod without the hashes: each new pod is the same workload to a reader. */
function workloadOf(pod: string, labels: Record<string, string> = {}): string {
  const hash = labels["pod-template-hash"];
  return hash ? pod.slice(0, Math.max(pod.lastIndexOf(`-${hash}-`), 0)) || pod : pod;
}
