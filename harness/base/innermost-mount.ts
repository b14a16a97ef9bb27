import { isAtOrBelow } from "./is-at-or-below.ts";

/** The mount of a container that an absolute path lies on: of several, one in the other, the innermost. */
export function innermostMount<Mount extends { mountPath: string }>(
  mounts: readonly Mount[] | undefined,
  path: string,
): Mount | undefined {
  const above = (mounts ?? []).filter(({ mountPath }) => isAtOrBelow(path, mountPath));
  return above.toSorted((left, right) => right.mountPath.length - left.mountPath.length)[0];
}
