import { expect, it } from "vitest";
import type { AnyObject } from "./object-client.ts";
import { pressedNode } from "./pressed-node.ts";

const node = (name: string, ...conditions: [type: string, status: string][]): AnyObject => ({
  metadata: { name },
  status: { conditions: conditions.map(([type, status]) => ({ type, status, message: "kubelet says so" })) },
});
const among = (...nodes: AnyObject[]) => pressedNode({ all: async () => nodes });

it.each(["DiskPressure", "MemoryPressure", "PIDPressure"])("tells a node with %s", async (type) => {
  const found = await among(
    node("server", ["Ready", "True"]),
    node("agent-1", ["Ready", "True"], [type, "True"]),
  );
  expect(found).toMatchObject({
    code: "environment",
    message: `node agent-1 has ${type}: kubelet says so`,
    remedy: expect.stringMatching(/run it again/),
  });
});

it("has nothing to tell of nodes that have what they need, or are away", async () => {
  expect(await among(node("server", ["DiskPressure", "False"]), node("agent-1", ["Ready", "Unknown"]))).toBe(
    undefined,
  );
});
