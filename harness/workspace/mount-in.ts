import type { V1Container, V1VolumeMount } from "@kubernetes/client-node";
import { isAtOrBelow } from "../base/index.ts";

/** The innermost mount of a container that a path lies on. */
export function mountIn({ volumeMounts = [] }: V1Container, path: string): V1VolumeMount | undefined {
  const mounts = volumeMounts.filter(({ mountPath }) => isAtOrBelow(path, mountPath));
  return mounts.sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
}
