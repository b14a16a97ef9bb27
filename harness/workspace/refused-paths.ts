import { posix } from "node:path";
import type { V1Container, V1Pod, V1Volume } from "@kubernetes/client-node";
import { innermostMount } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { toolsOn } from "../platform/index.ts";

/** As a shell's programs say it, and as Node and Bun do. */
const refusals = [
  /(?<![\w.~)-])['"‘`]?(\/[^\s'"’`:,]+)['"’`]?: (?:Permission denied|Operation not permitted)/g,
  /\b(?:EACCES|EPERM): [^\n]*?'(\/[^'\n]+)'/g,
];

/** Mode and owner of each of $2 and so on, below $1; a line each, empty for what is not there. */
export const look =
  'root=$1; shift; for path; do stat -c "%A of %u:%g" "$root/$path" 2>/dev/null || echo; done';

/** Paths that a container's log says it was refused. */
export function refusedPaths(log: string): string[] {
  const found = refusals.flatMap((refusal) => [...log.matchAll(refusal)].map(([, path = ""]) => path));
  return [...new Set(found.map((path) => posix.normalize(path)))];
}

/**
 * For what a container's log says it was refused: as whom it runs, and mode and owner of the path, and of all above it up to
 * the mount, as they are on the volume now. Empty where nothing was refused, or it lies on neither a volume of CSI nor an emptyDir.
 */
export async function ownersOfRefused(
  cluster: Cluster,
  { pod, container, log }: { pod: V1Pod; container: V1Container; log: string },
): Promise<string> {
  const told: string[] = [];
  for (const path of refusedPaths(log)) {
    const mount = innermostMount(container.volumeMounts, path);
    const source = pod.spec?.volumes?.find(({ name }) => name === mount?.name);
    const onNode = mount && !mount.subPathExpr && source && (await placeOnNode(cluster, pod, source));
    if (!onNode) continue;
    const above = fromMount(mount.mountPath, path);
    const below = above.map((one) => posix.join(mount.subPath ?? "", posix.relative(mount.mountPath, one)));
    const tools = await toolsOn(cluster, pod.spec?.nodeName ?? "");
    const { stdout } = await cluster.exec(tools, ["sh", "-c", look, "sh", onNode, ...below]);
    const seen = stdout.split("\n");
    if (!seen[0]) continue; // another kind of volume, or one that is no longer mounted
    told.push(...above.map((one, index) => `${one}: ${seen[index] || "not there"}`));
  }
  if (told.length === 0) return "";
  return `${container.name} runs as ${identity(pod, container)}; on its volume is ${[...new Set(told)].join(", ")}`;
}

/** A path and all that leads to it, the mount first. */
function fromMount(mountPath: string, path: string): string[] {
  const names = posix.relative(mountPath, path).split("/").filter(Boolean);
  return [mountPath, ...names.map((_, index) => posix.join(mountPath, ...names.slice(0, index + 1)))];
}

async function placeOnNode(cluster: Cluster, pod: V1Pod, source: V1Volume): Promise<string | undefined> {
  const volumes = `/var/lib/kubelet/pods/${pod.metadata?.uid}/volumes`;
  if (source.emptyDir) return `${volumes}/kubernetes.io~empty-dir/${source.name}`;
  const name = source.persistentVolumeClaim?.claimName;
  if (name === undefined) return undefined;
  const namespace = pod.metadata?.namespace ?? "";
  const claim = await cluster.objects.find({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespace,
    name,
  });
  const volume = claim?.spec?.volumeName;
  return volume ? `${volumes}/kubernetes.io~csi/${volume}/mount` : undefined;
}

function identity(pod: V1Pod, { securityContext = {} }: V1Container): string {
  const {
    runAsUser: user,
    runAsGroup: group,
    fsGroup,
  } = { ...pod.spec?.securityContext, ...securityContext } as {
    runAsUser?: number;
    runAsGroup?: number;
    fsGroup?: number;
  };
  const extra = fsGroup === undefined ? "" : ` with fsGroup ${fsGroup}`;
  return `${user ?? "the image's user"}:${group ?? "its group"}${extra}`;
}
