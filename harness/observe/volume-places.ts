import { posix } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster, ClusterNode } from "../cluster/index.ts";
import { permissionWords } from "../diagnosis/index.ts";
import { readFilesOnNode, tarOfParts } from "./node-files.ts";
import { nameOf, type Open, type Place } from "./place.ts";
import { containerOf } from "./where-to-mend.ts";

/** Mounted Secrets are one of the allowed places; a subPath is the same volume once more; tokens of service accounts are the cluster's own. */
export const packed = (directory: string): string[] =>
  tarOfParts(
    directory,
    "*/* */volumes/*",
    "*/volumes | */volume-subpaths | */volumes/kubernetes.io~secret | */volumes/kubernetes.io~projected",
  );

/**
 * Every file on every volume that a pod of the cluster has mounted, emptyDirs included, and what the kubelet keeps of
 * the pod beside them. Files are read as bytes: databases and .git/config are seen through, what is compressed (git's
 * objects and packs) is not.
 */
export async function volumes(cluster: Cluster, open: Open): Promise<void> {
  const pods = (await cluster.objects.all({ apiVersion: "v1", kind: "Pod" })) as V1Pod[];
  await Promise.all(cluster.nodes.map((node) => volumesOn(node, pods, open)));
}

async function volumesOn(node: ClusterNode, pods: V1Pod[], open: Open): Promise<void> {
  await readFilesOnNode(node, packed("/var/lib/kubelet/pods"), (file) => {
    const [, uid = "", ...steps] = file.path.split("/");
    const pod = pods.find(({ metadata }) => metadata?.uid === uid);
    const reader = open(
      placeOf({ path: steps.join("/"), mode: file.mode ?? 0, owner: file.uid ?? 0 }, pod, uid),
    );
    file.on("data", (chunk: Buffer) => reader.feed(chunk));
    file.on("end", () => reader.end());
  });
}

/** A file below the kubelet's directory of a pod, as a reader knows it. */
export function placeOf(
  { path, mode, owner }: { path: string; mode: number; owner: number },
  pod: V1Pod | undefined,
  uid: string,
): Place {
  const whose = pod ? `pod ${pod.metadata?.namespace}/${pod.metadata?.name}` : `a pod that is gone (${uid})`;
  const claim = /^volumes\/kubernetes\.io~(?:csi\/[^/]+\/mount|local-volume\/[^/]+)\/(.*)$/.exec(path)?.[1];
  const scratch = /^volumes\/kubernetes\.io~empty-dir\/([^/]+)\/(.*)$/.exec(path);
  const [where, name] =
    claim !== undefined
      ? ["the volume", claim]
      : scratch
        ? [`the emptyDir ${scratch[1]}`, scratch[2]]
        : ["the kubelet's directory", path];
  const permissions = mode & 0o777;
  const isLogin = posix.basename(claim ?? "") === "auth.json";
  return {
    name: `file ${name} (mode ${permissions.toString(8)}, owner ${owner}) on ${where} of ${whose}`,
    ...(pod ? { pod: nameOf(pod) } : {}),
    file: {
      path: claim ?? path,
      isOnClaim: claim !== undefined,
      isMovers: pod?.metadata?.labels?.["app.kubernetes.io/created-by"] === "volsync",
      mode: permissions,
      owner,
    },
    remedy: isLogin
      ? "auth.json is for OpenCode's user alone: chmod 600 it, and let the init container run as that user (security mistakes: world-readable auth.json; pitfall 1)"
      : "let git ask a credential helper that reads the mounted file: no .netrc, no token in a remote's URL, no copy of a secret on a volume (pitfall 3)",
    look: containerOf(pod?.metadata?.name ?? "", isLogin ? "seed-auth" : "git-clone", "command").map(
      (place) => ({ ...place, words: isLogin ? permissionWords : storing }),
    ),
  };
}

/** With which a script stores a credential. */
const storing = [" config ", ".netrc", "set-url", ".git-credentials", "store"];
