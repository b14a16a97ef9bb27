import { HarnessError } from "../base/index.ts";
import { type Cluster, type ClusterNode, keepRefused, poolDir } from "../cluster/index.ts";

/**
 * Copies what has reached the disk (the backing file of the loop device), and again if something was written meanwhile: a
 * copy of two moments is no disk that ever was. What the file system still has in memory is not in it.
 */
const copyDisk = `
set -eu
image=$1
device=$(losetup --noheadings --output NAME --associated "$image" | head -n 1)
written() { awk '{ print $7 }' "/sys/block/\${device#/dev/}/stat"; }
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  before=$(written)
  cp --sparse=always "$image" "$image.cut"
  [ "$before" = "$(written)" ] && exit 0
done
echo "the disk was written to during each of ten copies" >&2
exit 1
`;

/**
 * A power cut: the node is gone, and of its volumes what was on their disks in the moment before. A killed container alone
 * would not do, for the kernel that all nodes share unmounts its volumes in order, and writes what was only in memory.
 *
 * @param volumes names of PersistentVolumes that the node has mounted
 */
export async function cutPower(
  cluster: Cluster,
  node: ClusterNode,
  volumes: readonly string[],
): Promise<void> {
  const images = (await Promise.all(volumes.map((volume) => imageOf(cluster, volume)))).flat();
  const { server } = cluster;
  await keepRefused(node); // after the copies nothing may take its time
  await Promise.all(images.map((image) => run(server, ["sh", "-c", copyDisk, "sh", image])));
  await node.kill();
  // By a new file: what the old mount still writes in order goes to the old one, which nobody opens any more.
  await Promise.all(images.map((image) => run(server, ["mv", `${image}.cut`, image])));
}

/** The disk of a volume of ceph-block; none for a volume of another kind, whose disk is the node's own. */
async function imageOf(cluster: Cluster, name: string): Promise<string[]> {
  const volume = await cluster.objects.find({ apiVersion: "v1", kind: "PersistentVolume", name });
  const handle = volume?.spec?.csi?.volumeHandle as string | undefined;
  return handle === undefined ? [] : [`${poolDir}/volumes/${handle}/image`];
}

async function run(node: ClusterNode, command: string[]): Promise<void> {
  const { output, exitCode } = await node.exec(command);
  if (exitCode === 0) return;
  throw new HarnessError(`the disk of a volume could not be kept as it was: ${output.trim()}`, {
    code: "environment",
  });
}
