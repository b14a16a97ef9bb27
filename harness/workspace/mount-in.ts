import type { V1Container, V1VolumeMount } from "@kubernetes/client-node";

/** The innermost mount of a container that a path lies on. */
export function mountIn({ volumeMounts = [] }: V1Container, path: string): V1VolumeMount | undefined {
  const mounts = volumeMounts.filter(({ mountPath }) => contains(mountPath, path));
  return mounts.sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
}

function contains(mountPath: string, directory: string): boolean {
  return (
    directory === mountPath || directory.startsWith(mountPath.endsWith("/") ? mountPath : `${mountPath}/`)
  );
}
