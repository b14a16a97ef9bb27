import type { ClusterNode } from "../cluster/index.ts";
import type { PinnedImage } from "../home/index.ts";

const socket = "/run/k3s/containerd/containerd.sock";

/**
 * Lets the nodes know images that are pinned by digest: ours have another digest than the published ones, and what is
 * there already is not pulled. One that the nodes do not have by its tag stays unknown, and the kubelet says so.
 */
export async function pinImages(
  nodes: readonly ClusterNode[],
  images: readonly PinnedImage[],
): Promise<void> {
  const lines = images.flatMap(({ name, tagged }) =>
    tagged ? [`ctr --address ${socket} --namespace k8s.io images tag --force ${tagged} ${name}`] : [],
  );
  if (lines.length === 0) return;
  await Promise.all(nodes.map((node) => node.exec(["sh", "-c", lines.join("\n")])));
}
