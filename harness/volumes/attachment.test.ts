import { describe, expect, it } from "vitest";
import type { Cluster } from "../cluster/index.ts";
import { expectAttachedOnlyTo, type HolderChange, sharedAt } from "./attachment.ts";

const history = (...changes: string[]): HolderChange[] =>
  changes.map((text, index) => {
    const [event, node = ""] = text.split(" ");
    return { at: `t${index}`, event: event as HolderChange["event"], volume: "v", node };
  });

describe("the history of a volume's holders", () => {
  it("is fine when attach and detach take turns", () => {
    expect(sharedAt(history("attach a", "detach a", "attach b"))).toBeUndefined();
  });

  it("names the moment at which two nodes had it", () => {
    expect(sharedAt(history("attach a", "attach b"))).toBe("attached to b at t1 while a had it");
  });

  it("names a detach from a node that did not have it", () => {
    expect(sharedAt(history("attach a", "detach b"))).toBe("detached from b at t1, which did not have it");
  });
});

describe("expectAttachedOnlyTo", () => {
  /** VolumeAttachments of the volume for these nodes, and what the storage's journal has. */
  function expectWith(nodes: string[], journal: HolderChange[]): Promise<void> {
    const attachments = nodes.map((nodeName) => ({
      spec: { nodeName, source: { persistentVolumeName: "pv" } },
      status: { attached: true },
    }));
    const cluster = {
      objects: {
        all: async () => [
          ...attachments,
          { spec: { nodeName: "b", source: { persistentVolumeName: "other" } } },
        ],
        find: async () => ({ spec: { csi: { volumeHandle: "v" } } }),
      },
      server: {
        exec: async () => ({ output: journal.map((one) => JSON.stringify(one)).join("\n"), exitCode: 0 }),
      },
    } as unknown as Cluster;
    return expectAttachedOnlyTo(cluster, "pv", "a");
  }

  it("holds for a volume that one node has", async () => {
    await expectWith(["a"], history("attach b", "detach b", "attach a"));
  });

  it.each([
    ["two nodes by VolumeAttachments", ["a", "b"], "VolumeAttachments for a, b, not one for a alone"],
    ["no VolumeAttachment", [], "VolumeAttachments for no node, not one for a alone"],
    ["another node", ["b"], "VolumeAttachments for b, not one for a alone"],
  ])("fails for %s", async (_, nodes, told) => {
    await expect(expectWith(nodes, history("attach a"))).rejects.toThrow(told);
  });

  it("fails for a volume that two nodes had at once, or that another one has by the journal", async () => {
    await expect(expectWith(["a"], history("attach b", "attach a"))).rejects.toThrow("while b had it");
    await expect(expectWith(["a"], history("attach b"))).rejects.toThrow("another node has it");
  });
});
