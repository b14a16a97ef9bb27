import { getContainerRuntimeClient } from "testcontainers";
import { labelNames } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { storeContainers } from "./container-evidence.ts";
import { readFilesOnNode, tarOf } from "./node-files.ts";
import { type Open, type Place, readAll } from "./place.ts";
import { lineIn } from "./shown-line.ts";
import { whatShows } from "./where-to-mend.ts";

const remedy =
  "keep set -x, GIT_TRACE…, GIT_CURL_VERBOSE, env and tokens in URLs out of scripts, and let git ask a credential helper that reads the mounted file (pitfall 3)";

/**
 * What every container of the cluster has logged, those of earlier instances too, from the files that `kubectl logs`
 * reads; all that the nodes' own programs and the stand-ins have logged.
 */
export async function logs(cluster: Cluster, open: Open): Promise<void> {
  await Promise.all([...cluster.nodes.map((node) => podLogs(node, open)), containerLogs(cluster, open)]);
}

async function podLogs(node: Cluster["nodes"][number], open: Open): Promise<void> {
  await readFilesOnNode(node, tarOf("/var/log/pods"), (file) => {
    const [, where = "", container = "", instance = ""] = file.path.split("/");
    const [namespace, pod = ""] = where.split("_");
    const name = `the log of container ${container} of pod ${namespace}/${pod}`;
    const chunks: Buffer[] = [];
    file.on("data", (chunk: Buffer) => chunks.push(chunk));
    file.on("end", () => {
      const which = instance === "0.log" ? "" : ` (instance ${Number.parseInt(instance, 10) + 1})`;
      const place = { name: `${name}${which}`, remedy, look: whatShows(pod, container) };
      readLog(open, place, withoutPrefixes(Buffer.concat(chunks)));
    });
  });
}

/** Who reads what a log shows must see which of its lines it is. */
export function readLog(open: Open, place: Place, log: Buffer): void {
  readAll(open, { ...place, lineAt: (line) => lineIn(log, line) }, log);
}

/** The runtime writes `<time> stdout F <line>`; P instead of F says that the line goes on in the next. */
export function withoutPrefixes(log: Buffer): Buffer {
  const lines = log.toString("latin1").split("\n");
  const parts = lines.map((line) => {
    const [prefix = "", end] = /^\S+ (?:stdout|stderr) ([FP]) /.exec(line) ?? [];
    return `${line.slice(prefix.length)}${end === "P" ? "" : "\n"}`;
  });
  return Buffer.from(parts.join("").slice(0, -1), "latin1");
}

async function containerLogs(cluster: Cluster, open: Open): Promise<void> {
  const runId = await runOf(cluster);
  const write = async (file: string, text: string) =>
    readLog(open, { name: `the log ${file.replace(/\.log$/, "")}`, remedy }, Buffer.from(text));
  await storeContainers(runId, write, (_what, work) => work(), { whole: true });
}

/** The run that the cluster's containers belong to. */
export async function runOf({ server }: Cluster): Promise<string> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const { Config } = await dockerode.getContainer(server.containerId).inspect();
  return Config.Labels[labelNames.run] ?? "";
}
