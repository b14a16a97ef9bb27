import { posix } from "node:path";
import type { V1PersistentVolumeClaim, V1Pod, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import { HarnessError, innermostMount } from "../base/index.ts";
import { claim as claimPlace, existingClaim, inValues } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";

/** The claim behind a directory of a container, and the volume it is bound to. */
export interface BoundVolume {
  claim: string;
  claimUid: string;
  /** Name of the PersistentVolume. */
  volume: string;
}

/** The mount of OpenCode's container that a directory lies on: the innermost one. None where it is the image's own file system. */
export function mountOf(
  workspace: DeployedWorkspace,
  pod: V1Pod,
  directory: string,
): V1VolumeMount | undefined {
  return innermostMount(workspace.appContainer(pod).volumeMounts, directory);
}

/** What the directory of OpenCode's container is kept on. Throws unless it is a bound PersistentVolumeClaim. */
export async function volumeBehind(
  workspace: DeployedWorkspace,
  pod: V1Pod,
  directory: string,
): Promise<BoundVolume> {
  const mount = mountOf(workspace, pod, directory);
  const source = pod.spec?.volumes?.find(({ name }) => name === mount?.name);
  const name = source?.persistentVolumeClaim?.claimName;
  if (!name) throw notKept(workspace, pod, directory, source);
  const namespace = pod.metadata?.namespace ?? "";
  const claim = (await workspace.cluster.objects.find({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespace,
    name,
  })) as V1PersistentVolumeClaim | undefined;
  const volume = claim?.spec?.volumeName;
  if (!volume)
    throw new HarnessError(`PersistentVolumeClaim ${name} should be bound to a volume, and is not`, {
      code: "failed",
      remedy: "let the claim ask for what the default storage class ceph-block has (pitfall 6)",
      look: [claimPlace(name)],
    });
  return { claim: name, claimUid: claim.metadata?.uid ?? "", volume };
}

/** Where a directory of OpenCode's container lies on its volume, from the volume's root: `/` and on. */
export function placeOnVolume(workspace: DeployedWorkspace, pod: V1Pod, directory: string): string {
  const mount = mountOf(workspace, pod, directory);
  if (!mount) throw notKept(workspace, pod, directory, undefined);
  return posix.resolve("/", mount.subPath ?? "", posix.relative(mount.mountPath, directory));
}

/** What keeps a directory of OpenCode's container, in words: "claim opencode-ha, from /opencode-data". */
export function keptOn(workspace: DeployedWorkspace, pod: V1Pod, directory: string): string {
  const mount = mountOf(workspace, pod, directory);
  const source = pod.spec?.volumes?.find(({ name }) => name === mount?.name);
  const claim = source?.persistentVolumeClaim?.claimName;
  return claim === undefined
    ? kindOf(source)
    : `claim ${claim}, from ${placeOnVolume(workspace, pod, directory)}`;
}

function kindOf(source: V1Volume | undefined): string {
  const kind = source && Object.keys(source).find((key) => key !== "name");
  return kind ?? "the container's own file system";
}

/** The directory is gone with the pod: says what it is kept on. */
export function notKept(
  { name }: DeployedWorkspace,
  pod: V1Pod,
  directory: string,
  source: V1Volume | undefined,
): HarnessError {
  return new HarnessError(
    `${directory} of pod ${pod.metadata?.name} is kept on ${kindOf(source)}, not on a PersistentVolumeClaim: it is gone with the pod`,
    {
      code: "failed",
      remedy:
        "mount the workspace's claim there (`persistence.<item>.existingClaim` with advancedMounts; pitfalls 6 and 8)",
      look: [existingClaim(name), inValues(name, "persistence", "data", "advancedMounts")],
    },
  );
}
