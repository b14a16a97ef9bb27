import type { V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { HarnessError, mark, messageOf } from "../base/index.ts";
import type { PodContainer } from "../cluster/index.ts";
import { inContainer } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** A shell of any kind doubles a text until it is killed. */
const eat = "x=0123456789abcdef; while :; do x=$x$x; done";
/** As the kernel's SIGKILL shows. */
const killed = 137;

/**
 * Eats the memory of a workspace's container, as a command of an agent may, until the kernel ends that. Returns how.
 * @throws HarnessError `failed` where the container has no limit: it would eat the memory of its node.
 */
export async function eatMemory(workspace: DeployedWorkspace): Promise<string> {
  const { cluster, namespace, name } = workspace;
  const pod = await workspace.readyPod();
  const { name: container, resources } = workspace.appContainer(pod);
  const limit = resources?.limits?.memory;
  if (!limit) throw withoutLimit(name, container);
  mark(`the memory of ${name} is eaten`);
  const target = { namespace, pod: pod.metadata?.name ?? "", container };
  const ended = await cluster.exec(target, ["sh", "-c", eat]).then(
    ({ exitCode, stderr }) => ({ exitCode, said: stderr }),
    // The kernel may have chosen OpenCode itself, and what was run in its container has gone with it.
    async (error: unknown) => ({ exitCode: await exitCodeOf(workspace, target), said: messageOf(error) }),
  );
  if (ended.exitCode === killed) return `killed at the limit of ${limit}`;
  throw new HarnessError(`a program in ${name} could not eat its memory: exit code ${ended.exitCode}`, {
    code: "environment",
    details: ended.said,
  });
}

/** How the container itself has ended, after this much time at the most. */
const seenWithinMs = 20_000;

function exitCodeOf(
  { cluster }: DeployedWorkspace,
  { namespace, pod, container }: PodContainer,
): Promise<number> {
  return cluster.wait({
    what: `container ${container} of ${pod} has ended`,
    apiVersion: "v1",
    kind: "Pod",
    namespace,
    name: pod,
    timeoutMs: seenWithinMs,
    until: ([object]) => {
      const { containerStatuses = [] } = ((object as V1Pod | undefined)?.status ?? {}) as V1PodStatus;
      const { state, lastState } = containerStatuses.find(({ name }) => name === container) ?? {};
      const ended = state?.terminated ?? lastState?.terminated;
      return ended ? { ready: ended.exitCode } : { waiting: "it runs" };
    },
  });
}

function withoutLimit(name: string, container: string): HarnessError {
  return new HarnessError(
    `container ${container} of ${name} has no memory limit: a program in it eats the memory of its node, and the kernel kills whom it likes`,
    {
      code: "failed",
      remedy: "set resources.limits.memory: what is too much ends in the container that took it",
      look: [inContainer(name, "app", "resources")],
    },
  );
}
