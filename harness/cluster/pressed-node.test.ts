import { expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import type { AnyObject } from "./object-client.ts";
import { pressedNode, untilPressed } from "./pressed-node.ts";
import type { Wait } from "./wait.ts";

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

/** Shows the guard these nodes; ends it as the real wait does where a verdict has held, or where nobody needs it any more. */
const watching = (node: AnyObject, stop: AbortController) => ({
  wait: async (wait: Wait<never>) => {
    const verdict = wait.until([node]);
    if ("stuck" in verdict)
      throw new HarnessError(`${verdict.stuck} for ${verdict.forMs} ms`, { code: "failed" });
    stop.abort();
    throw new HarnessError("interrupted", { code: "interrupted" });
  },
});

it("ends a step whose nodes stay short of something, and blames the machine", async () => {
  const stop = new AbortController();
  const pressed = watching(node("agent-1", ["DiskPressure", "True"]), stop);
  await expect(untilPressed(pressed, stop.signal)).rejects.toMatchObject({
    code: "environment",
    message: "node agent-1 has DiskPressure: kubelet says so",
  });
});

it("is silent for as long as no node is, and ends with the step", async () => {
  const stop = new AbortController();
  const well = watching(node("agent-1", ["DiskPressure", "False"]), stop);
  await expect(untilPressed(well, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
});

it("has nothing to tell of nodes that have what they need, or are away", async () => {
  expect(await among(node("server", ["DiskPressure", "False"]), node("agent-1", ["Ready", "Unknown"]))).toBe(
    undefined,
  );
});
