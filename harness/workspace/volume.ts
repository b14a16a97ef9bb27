import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { claim as claimPlace, existingClaim, inValues } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";

/** The claim behind a directory of a container, and the volume it is bound to. */
export interface BoundVolume {
  claim: string;
  claimUid: string;
  /** Name of the PersistentVolume. */
  volume: string;
}

/** What the directory of OpenCode's container is kept on. Throws unless it is a bound PersistentVolumeClaim. */
export async function volumeBehind(
  workspace: DeployedWorkspace,
  pod: V1Pod,
  directory: string,
): Promise<BoundVolume> {
  const mounts = (workspace.appContainer(pod).volumeMounts ?? []).filter(({ mountPath }) =>
    contains(mountPath, directory),
  );
  const mount = mounts.sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
  const source = pod.spec?.volumes?.find(({ name }) => name === mount?.name);
  const name = source?.persistentVolumeClaim?.claimName;
  if (!name) {
    const release = pod.metadata?.labels?.["app.kubernetes.io/instance"];
    const kind = source
      ? Object.keys(source).find((key) => key !== "name")
      : "the container's own file system";
    throw new HarnessError(
      `${directory} of pod ${pod.metadata?.name} is kept on ${kind}, not on a PersistentVolumeClaim: it is gone with the pod`,
      {
        code: "failed",
        remedy:
          "mount the workspace's claim there (`persistence.<item>.existingClaim` with advancedMounts; pitfalls 6 and 8)",
        look: [existingClaim(release), inValues(release, "persistence", "data", "advancedMounts")],
      },
    );
  }
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

function contains(mountPath: string, directory: string): boolean {
  return (
    directory === mountPath || directory.startsWith(mountPath.endsWith("/") ? mountPath : `${mountPath}/`)
  );
}
