import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import type { Cluster, ExecResult, PodContainer } from "../cluster/index.ts";

/** What was asked of the tools beside a volume. */
export interface Beside {
  target: PodContainer;
  command: string[];
  /** The last of the command's words. */
  script: string;
}

/**
 * A pod on node agent-1 whose claim is mounted at `mountPath`, and a cluster in which scripts beside it are answered by
 * `answer`; a HarnessError stands for one that fails, with its details as the output. For unit tests.
 */
export function fakeBeside(
  mountPath: string,
  answer: (script: string) => string,
): { pod: V1Pod; cluster: Cluster; appContainer: (of: V1Pod) => V1Container | undefined; asked: Beside[] } {
  const asked: Beside[] = [];
  const pod: V1Pod = {
    metadata: { name: "opencode-flux-1", namespace: "opencode", uid: "pod-uid" },
    spec: {
      nodeName: "agent-1",
      containers: [{ name: "app", volumeMounts: [{ name: "data", mountPath, subPath: "work" }] }],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "opencode-flux" } }],
      securityContext: { runAsUser: 1000, runAsGroup: 1001, fsGroup: 1002 },
    },
  };
  const driver = (node: string) => ({ metadata: { name: `csi-${node}` }, spec: { nodeName: node } });
  const cluster = {
    pods: async () => ["agent-2", "agent-1"].map(driver),
    objects: { find: async () => ({ metadata: { uid: "claim-uid" }, spec: { volumeName: "pv-1" } }) },
    exec: async (target: PodContainer, command: string[]): Promise<ExecResult> => {
      const script = command.at(-1) ?? "";
      asked.push({ target, command, script });
      try {
        return { stdout: answer(script), stderr: "", exitCode: 0 };
      } catch (error) {
        if (!(error instanceof HarnessError)) throw error;
        return { stdout: "", stderr: error.details ?? "", exitCode: 128 };
      }
    },
  } as unknown as Cluster;
  return { pod, cluster, appContainer: ({ spec }) => spec?.containers[0], asked };
}
