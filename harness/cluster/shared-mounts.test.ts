import { expect, it } from "vitest";
import { requireSharedMounts } from "./shared-mounts.ts";

const node = (root: string) => ({
  name: "agent-1",
  exec: async () => ({ output: `${root}\n41 40 0:5 / /proc rw shared:9 - proc proc rw`, exitCode: 0 }),
});

it("takes a node whose root is shared, whatever else it is", async () => {
  await requireSharedMounts(node("40 39 0:53 / / rw,relatime shared:7 master:1 - overlay overlay rw"));
});

it("refuses a node with private mounts", async () => {
  await expect(
    requireSharedMounts(node("40 39 0:53 / / rw,relatime - overlay overlay rw")),
  ).rejects.toMatchObject({
    code: "environment",
    message: expect.stringContaining("the mounts of node agent-1 are private"),
  });
});
