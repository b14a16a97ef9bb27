import { HarnessError } from "../base/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

/** $1 a pattern; one that nothing matches stays as it is, and is no directory. */
export const flush = 'for mount in $1; do [ ! -d "$mount" ] || sync -f "$mount" || exit; done';

/**
 * Brings the workspace's volumes up to date on their disks, as the kernel does by itself within half a minute (`sync -f`
 * in the node that has them mounted): what a power cut takes of younger work is nobody's promise. Volumes of other drivers
 * than ceph-block lie on the node's own disk, which a power cut here leaves as it is.
 */
export async function flushToDisk(workspace: DeployedWorkspace): Promise<void> {
  const pod = await workspace.readyPod();
  const node = workspace.cluster.node(pod.spec?.nodeName ?? "");
  const mounts = `/var/lib/kubelet/pods/${pod.metadata?.uid}/volumes/kubernetes.io~csi/*/mount`;
  const { output, exitCode } = await node.exec(["sh", "-c", flush, "sh", mounts]);
  if (exitCode === 0) return;
  throw new HarnessError(
    `the volumes of ${workspace.name} could not be brought up to date: ${output.trim()}`,
    {
      code: "environment",
    },
  );
}
