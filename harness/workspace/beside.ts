import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { toolsOn } from "../platform/index.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import { mountOf, notKept, volumeBehind } from "./volume.ts";

/**
 * The script's place is what the pod has mounted, at the path that it has there, in a mount namespace of its own; it runs as
 * the pod's user and sees what the pod's user may see. `slave`: what the kubelet unmounts meanwhile goes here too, and
 * nothing that is done here shows anywhere else.
 * $1 the volume on the node, $2 where the pod has it, $3 the directory, $4 user, $5 group, $6 its other groups, $7 the script.
 */
export const besideIt = `
set -eu
mkdir -p "$2"
mount --bind "$1" "$2"
# cd itself does not say why it cannot.
ls -d "$3" > /dev/null
cd "$3"
exec setpriv --reuid "$4" --regid "$5" --groups "$6" --no-new-privs \\
  env -i PATH="$PATH" HOME=/nowhere LC_ALL=C GIT_OPTIONAL_LOCKS=0 \\
  GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*' GIT_CONFIG_KEY_1=gc.auto GIT_CONFIG_VALUE_1=0 \\
  sh -euc "$7"
`;

const namespaced = ["unshare", "--mount", "--propagation", "slave", "sh", "-c", besideIt, "sh"];

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
  const [tools, place] = await Promise.all([
    toolsOn(cluster, pod.spec?.nodeName ?? ""),
    placeOf(workspace, pod, directory),
  ]);
  const { user, group, groups } = identityOf(workspace, pod);
  const argumentsOfScript = [place.onNode, place.mountPath, directory, user, group, groups, script];
  const { stdout, stderr, exitCode } = await cluster.exec(tools, [...namespaced, ...argumentsOfScript]);
  if (exitCode === 0) return stdout;
  throw new HarnessError(`\`${script.trim()}\` in ${directory} of ${name} ended with exit code ${exitCode}`, {
    code: "failed",
    details: `${stdout}${stderr}`,
  });
}

/** Where the kubelet of the pod's node has what lies behind the directory, and where the container has that. */
async function placeOf(
  workspace: DeployedWorkspace,
  pod: V1Pod,
  directory: string,
): Promise<{ onNode: string; mountPath: string }> {
  const mount = mountOf(workspace, pod, directory);
  const source = pod.spec?.volumes?.find(({ name }) => name === mount?.name);
  if (!mount || !source) throw notKept(workspace, pod, directory, source);
  const volumes = `/var/lib/kubelet/pods/${pod.metadata?.uid}/volumes`;
  const root = source.emptyDir
    ? `${volumes}/kubernetes.io~empty-dir/${source.name}`
    : `${volumes}/${await below(workspace, (await volumeBehind(workspace, pod, directory)).volume)}`;
  const subPath = mount.subPath ?? (mount.subPathExpr && expanded(workspace, pod, mount.subPathExpr));
  return { onNode: subPath ? `${root}/${subPath}` : root, mountPath: mount.mountPath };
}

/** Where the kubelet mounts a PersistentVolume of this kind, below the volumes of a pod. */
async function below({ cluster }: DeployedWorkspace, name: string): Promise<string> {
  const volume = await cluster.objects.find({ apiVersion: "v1", kind: "PersistentVolume", name });
  const outOfSight = ["hostPath", "nfs"].find((kind) => volume?.spec?.[kind]);
  if (outOfSight)
    throw new HarnessError(`the harness cannot look at volume ${name}, whose kind is ${outOfSight}`, {
      code: "environment",
      remedy: "it sees volumes of a CSI driver, local ones and emptyDirs: take one of these for the test",
    });
  return volume?.spec?.local ? `kubernetes.io~local-volume/${name}` : `kubernetes.io~csi/${name}/mount`;
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
