import { describe, expect, it } from "vitest";
import type { Cluster } from "../cluster/index.ts";
import { devicesOf, expectMountedOnlyOn, mountPoints } from "./mounted-volume.ts";

const handle = "csi-vol-1836a2de";
const device = (minor: number, id: string) =>
  `/sys/block/loop${minor}/loop/backing_file:/var/lib/ceph-pool/volumes/${id}/image`;
const mount = (minor: number, path: string) =>
  `3679 2651 7:${minor} / ${path} rw,relatime shared:586 - ext4 /dev/loop${minor} rw`;

describe("devicesOf and mountPoints", () => {
  it("finds the volume's devices among those of all clusters, and their mounts", () => {
    const listed = [device(1, "csi-vol-other"), device(12, handle), ""].join("\n");
    expect(devicesOf(handle, listed)).toEqual(["7:12"]);
    const info = [mount(1, "/a"), mount(12, "/b"), "31 1 0:27 / /proc rw - proc proc rw", ""].join("\n");
    expect(mountPoints(["7:12"], info)).toEqual(["/b"]);
  });
});

/** agent-1 and agent-2 with these mounts, on a machine with these devices. */
function clusterWith(devices: string[], mounted: Record<string, string[]>): Cluster {
  const node = (name: string) => ({
    name,
    exec: async (command: string[]) => ({
      output: command[0] === "cat" ? (mounted[name] ?? []).join("\n") : devices.join("\n"),
      exitCode: 0,
    }),
  });
  const history = `{"at":"2026-01-01T10:00:00.000Z","event":"attach","volume":"${handle}","node":"agent-2"}`;
  const journal = {
    exec: async (command: string[]) => ({
      output: command.join(" ").includes("attachments") ? history : devices.join("\n"),
      exitCode: 0,
    }),
  };
  const find = async () => ({ spec: { csi: { volumeHandle: handle } } });
  return {
    nodes: ["agent-1", "agent-2"].map(node),
    server: journal,
    objects: { find },
  } as unknown as Cluster;
}

describe("expectMountedOnlyOn", () => {
  it("holds when one node has the volume through one device", async () => {
    const cluster = clusterWith([device(3, handle)], { "agent-2": [mount(3, "/a"), mount(3, "/b")] });
    await expectMountedOnlyOn(cluster, "pv", "agent-2");
  });

  it.each([
    [
      "two nodes",
      [device(3, handle)],
      { "agent-1": [mount(3, "/a")], "agent-2": [mount(3, "/a")] },
      "agent-1 and agent-2 through 1",
    ],
    ["the other node", [device(3, handle)], { "agent-1": [mount(3, "/a")] }, "agent-1 through 1"],
    [
      "two devices",
      [device(3, handle), device(4, handle)],
      { "agent-2": [mount(3, "/a")] },
      "agent-2 through 2",
    ],
    ["nobody", [], {}, "no node through 0"],
  ])("fails when %s has it", async (_, devices, mounted, seen) => {
    await expect(expectMountedOnlyOn(clusterWith(devices, mounted), "pv", "agent-2")).rejects.toThrow(
      `volume pv should be mounted on agent-2 alone, through one block device, and is mounted on ${seen}`,
    );
  });
});
