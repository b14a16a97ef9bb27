import { HarnessError } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { attachmentHistory } from "./attachment.ts";

/** Kernel-wide list of loop devices and what is behind them, also with busybox: `/sys/block/loop3/loop/backing_file:/…/image`. */
const listDevices = "grep -H . /sys/block/loop*/loop/backing_file || true";

/** The device numbers ("7:3") of a volume's block devices, on whichever node: the nodes share one kernel. */
export function devicesOf(volumeHandle: string, listed: string): string[] {
  return listed
    .split("\n")
    .filter((line) => line.includes(`/${volumeHandle}/image`))
    .flatMap((line) => /\/loop(\d+)\/loop\/backing_file:/.exec(line)?.[1] ?? [])
    .map((minor) => `7:${minor}`);
}

/** Where a node has one of these devices mounted, from its /proc/self/mountinfo. */
export function mountPoints(devices: string[], mountInfo: string): string[] {
  return mountInfo
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , device = ""]) => devices.includes(device))
    .map(([, , , , path = ""]) => path);
}

/** The node has the volume mounted through one device, and no other node of the cluster has it at all. */
export async function expectMountedOnlyOn(cluster: Cluster, volume: string, node: string): Promise<void> {
  const [history, listed] = await Promise.all([
    attachmentHistory(cluster, volume),
    cluster.server.exec(["sh", "-c", listDevices]),
  ]);
  const devices = devicesOf(history[0]?.volume ?? "", listed.output);
  const mounted = await Promise.all(
    cluster.nodes.map(async ({ name, exec }) => {
      const { output } = await exec(["cat", "/proc/self/mountinfo"]);
      return { name, paths: mountPoints(devices, output) };
    }),
  );
  const holders = mounted.filter(({ paths }) => paths.length > 0);
  if (devices.length === 1 && holders.length === 1 && holders[0]?.name === node) return;
  throw new HarnessError(
    `volume ${volume} should be mounted on ${node} alone, through one block device, and is mounted on ${holders.map(({ name }) => name).join(" and ") || "no node"} through ${devices.length}`,
    {
      code: "failed",
      details: holders.map(({ name, paths }) => `${name}:\n${paths.join("\n")}`).join("\n"),
      remedy: "two nodes that write to one file system destroy it: attach it to one at a time (pitfall 6)",
    },
  );
}
