import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { nodeRoot, nodeTools, toolsOn } from "../platform/index.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import { mountOf, notKept, volumeBehind } from "./volume.ts";

/**
 * The script's place is what the pod has mounted, at the path that it has there; it runs as the pod's user and sees what the
 * pod's user may see. What lies there is anybody's, and git runs what a repository names (hooks, filters, a monitor): the
 * driver's pod is privileged, and its user may be the pod's. So a script has the volume and the tools, which it cannot
 * change, and nothing else: no device, process, network or other volume, and of root's rights those over files.
 * `slave`: what the kubelet unmounts meanwhile goes here too, and nothing that is done here shows anywhere else.
 * $1 the volume on the node, $2 where the pod has it, $3 the directory, $4 user, $5 group, $6 its other groups, $7 the script.
 */
export const besideIt = `
set -eu
export LC_ALL=C
case "$2/" in
  /bin/*|/sbin/*|/lib*/*|/etc/|/usr/|/usr/bin/*|/usr/sbin/*|/usr/lib*/*|/usr/local/|/usr/local/bin/*|/usr/local/sbin/*)
    echo "$2 is where the harness has its own programs: it cannot look at a volume there" >&2
    exit 1 ;;
esac
root=/mnt
mount --bind / "$root"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero random urandom; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir -p "$root$2"
mount --bind "$1" "$root$2"
mount -o remount,bind,ro "$root"
rights=-all,+chown,+dac_override,+fowner,+fsetid
exec chroot "$root" setpriv --reuid "$4" --regid "$5" --groups "$6" --no-new-privs \\
  --bounding-set "$rights" --inh-caps=-all --ambient-caps=-all \\
  env -i -C "$3" PATH="$PATH" HOME=/nowhere LC_ALL=C GIT_OPTIONAL_LOCKS=0 \\
  GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' GIT_CONFIG_KEY_1=gc.auto GIT_CONFIG_VALUE_1=0 \\
  sh -euc "$7"
`;

/** The namespaces that the script begins in. */
export const unshared = "unshare --mount --propagation slave --net --ipc --pid --fork --kill-child".split(
  " ",
);

const namespaced = [...unshared, "sh", "-c", besideIt, "sh"];

/**
 * Runs a shell script in a directory that OpenCode's container has on a volume, with the harness's tools (git, GNU's) and
 * none of the container's: an image need not have any, and the official one has neither git nor bash. It runs with the
 * container's user and groups, on the volume itself, in the storage driver's pod on the same node; the product's pod is
 * left as it is, whatever its security context. Returns what the script has put out.
 * @throws HarnessError `failed` when the script ends with another exit code than 0, or the directory is on no volume.
 */
export async function runBeside(
  workspace: DeployedWorkspace,
  directory: string,
  script: string,
): Promise<string> {
  const { cluster, name } = workspace;
  const pod = await workspace.readyPod();
  const place = await placeOf(workspace, pod, directory);
  const tools = await toolsOn(cluster, pod.spec?.nodeName ?? "", place.seenFrom);
  const { user, group, groups } = identityOf(workspace, pod);
  const argumentsOfScript = [place.onNode, place.mountPath, directory, user, group, groups, script];
  const { stdout, stderr, exitCode } = await cluster.exec(tools, [...namespaced, ...argumentsOfScript]);
  if (exitCode === 0) return stdout;
  throw new HarnessError(`\`${script.trim()}\` in ${directory} of ${name} ended with exit code ${exitCode}`, {
    code: "failed",
    details: `${stdout}${stderr}`,
  });
}

/** Where what lies behind a directory of the container is to be found. */
interface Place {
  /** The container of the tools' pod that sees it. */
  seenFrom: string;
  onNode: string;
  /** Where OpenCode's container has it. */
  mountPath: string;
}

async function placeOf(workspace: DeployedWorkspace, pod: V1Pod, directory: string): Promise<Place> {
  const mount = mountOf(workspace, pod, directory);
  const source = pod.spec?.volumes?.find(({ name }) => name === mount?.name);
  if (!mount || !source) throw notKept(workspace, pod, directory, source);
  const volumes = `/var/lib/kubelet/pods/${pod.metadata?.uid}/volumes`;
  const root = source.emptyDir
    ? { seenFrom: nodeTools.container, onNode: `${volumes}/kubernetes.io~empty-dir/${source.name}` }
    : await rootOf(workspace, (await volumeBehind(workspace, pod, directory)).volume, volumes);
  const subPath = mount.subPath ?? (mount.subPathExpr && expanded(workspace, pod, mount.subPathExpr));
  const onNode = subPath ? `${root.onNode}/${subPath}` : root.onNode;
  return { seenFrom: root.seenFrom, onNode, mountPath: mount.mountPath };
}

/** Kinds that the kubelet mounts below the volumes of a pod, each under its own name and the volume's. */
const mountedKinds = ["local", "nfs", "iscsi", "fc"];

/** A PersistentVolume on the pod's node: a hostPath is where it says, all else below the volumes of the pod. */
async function rootOf(
  { cluster }: DeployedWorkspace,
  name: string,
  volumes: string,
): Promise<Omit<Place, "mountPath">> {
  const volume = await cluster.objects.find({ apiVersion: "v1", kind: "PersistentVolume", name });
  const { hostPath } = volume?.spec ?? {};
  if (hostPath) return { seenFrom: nodeTools.lookout, onNode: `${nodeRoot}${hostPath.path}` };
  const kind = mountedKinds.find((known) => volume?.spec?.[known]);
  const below = kind
    ? `kubernetes.io~${kind === "local" ? "local-volume" : kind}/${name}`
    : `kubernetes.io~csi/${name}/mount`;
  return { seenFrom: nodeTools.container, onNode: `${volumes}/${below}` };
}

/** `$(NAME)` is a variable of the container. */
function expanded(workspace: DeployedWorkspace, pod: V1Pod, expression: string): string {
  const { env = [] } = workspace.appContainer(pod);
  return expression.replaceAll(/\$\(([^)]+)\)/g, (_all, variable: string) => {
    const value = env.find(({ name }) => name === variable);
    if (value?.value !== undefined) return value.value;
    if (value?.valueFrom?.fieldRef?.fieldPath === "metadata.name") return pod.metadata?.name ?? "";
    throw new HarnessError(`the harness cannot tell what $(${variable}) of subPathExpr ${expression} is`, {
      code: "environment",
      remedy: "give the variable as a value, or use subPath",
    });
  });
}

/** As whom OpenCode's container runs; the image's own user where the manifests name none, which for OpenCode's is root. */
function identityOf(
  workspace: DeployedWorkspace,
  pod: V1Pod,
): { user: string; group: string; groups: string } {
  const own = workspace.appContainer(pod).securityContext ?? {};
  const { fsGroup, supplementalGroups = [], ...all } = pod.spec?.securityContext ?? {};
  const group = own.runAsGroup ?? all.runAsGroup ?? 0;
  const groups = [group, ...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups];
  return { user: `${own.runAsUser ?? all.runAsUser ?? 0}`, group: `${group}`, groups: groups.join() };
}
