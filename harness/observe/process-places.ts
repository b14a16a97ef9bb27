import { buffer } from "node:stream/consumers";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { type Cluster, type ClusterNode, containerStatuses } from "../cluster/index.ts";
import { outputOnNode } from "./node-files.ts";
import { nameOf, type Open, readAll } from "./place.ts";
import { containerOf } from "./where-to-mend.ts";

const remedy =
  "give a secret to the one container that needs it as a mounted file: command lines and environments are seen by every process beside it and by whoever may look at the node (pitfall 3)";

/** Command line and environment of every process on every node, pods and the nodes' own programs alike. */
export async function processes(cluster: Cluster, open: Open): Promise<void> {
  const pods = await cluster.objects.all({ apiVersion: "v1", kind: "Pod" });
  await Promise.all(cluster.nodes.map((node) => processesOn(node, pods as V1Pod[], open)));
}

async function processesOn(node: ClusterNode, pods: V1Pod[], open: Open): Promise<void> {
  // One program for all of them, so that what lives for a moment is seen: `head -v` names each file.
  const command = "head -v -c 1048576 /proc/[0-9]*/cgroup /proc/[0-9]*/cmdline /proc/[0-9]*/environ";
  const { output, whole } = await outputOnNode(node, ["sh", "-c", command]);
  const [content] = await Promise.all([buffer(output), whole]);
  const files = filesIn(content);
  for (const [path, content] of files) {
    const [, , pid = "", file = ""] = path.split("/");
    if (file !== "cmdline" && file !== "environ") continue;
    const about = containerAt(files.get(`/proc/${pid}/cgroup`)?.toString("latin1") ?? "", pods);
    const program = files.get(`/proc/${pid}/cmdline`)?.toString("latin1").split("\0")[0]?.split("/").at(-1);
    const process = `process ${program || pid} ${about ? `in container ${about.container} of pod ${about.pod.metadata?.namespace}/${about.pod.metadata?.name}` : `on node ${node.name}`}`;
    const look = containerOf(
      about?.pod.metadata?.name ?? "",
      about?.container,
      file === "environ" ? "env" : "command",
    );
    if (file === "cmdline") {
      // Arguments end with a zero byte.
      readAll(open, { name: `the command line of ${process}`, remedy, look }, content);
      continue;
    }
    for (const variable of content.toString("latin1").split("\0")) {
      const name = variable.slice(0, Math.max(0, variable.indexOf("=")));
      const place = {
        name: `the environment of ${process}`,
        wordFor: () => `variable ${name}`,
        ...(about ? { pod: nameOf(about.pod) } : {}),
        variable: { name, container: about?.container ?? "", entries: about ? entriesOf(about, name) : [] },
        remedy,
        look,
      };
      readAll(open, place, Buffer.from(variable, "latin1"));
    }
  }
}

/** The files that `head -v` has printed, by path. */
export function filesIn(output: Buffer): Map<string, Buffer> {
  const text = output.toString("latin1");
  const heads = [...text.matchAll(/(?:^|\n)==> (\/proc\/\d+\/\w+) <==\n/g)];
  return new Map(
    heads.map((head, index) => {
      const content = text.slice(head.index + head[0].length, heads[index + 1]?.index);
      return [head[1] ?? "", Buffer.from(content, "latin1")];
    }),
  );
}

interface PodContainer {
  pod: V1Pod;
  container: string;
}

/** The container that a process belongs to, by its control group: the kubelet names it after the container's id. */
function containerAt(cgroup: string, pods: V1Pod[]): PodContainer | undefined {
  const id = /([0-9a-f]{64})/.exec(cgroup)?.[1];
  if (!id) return undefined;
  for (const pod of pods) {
    const status = containerStatuses(pod).find(({ containerID }) => containerID?.endsWith(id));
    if (status) return { pod, container: status.name };
  }
  return undefined;
}

/** The Secret entries that the container's spec gives as this variable. */
function entriesOf({ pod, container }: PodContainer, variable: string): string[] {
  const namespace = pod.metadata?.namespace;
  const spec: V1Container | undefined = [
    ...(pod.spec?.initContainers ?? []),
    ...(pod.spec?.containers ?? []),
  ].find(({ name }) => name === container);
  const named = spec?.env?.find(({ name }) => name === variable)?.valueFrom?.secretKeyRef;
  if (named) return [`${namespace}/${named.name} ${named.key}`];
  return (spec?.envFrom ?? []).flatMap(({ secretRef, prefix = "" }) =>
    secretRef?.name ? [`${namespace}/${secretRef.name} ${variable.slice(prefix.length)}`] : [],
  );
}
