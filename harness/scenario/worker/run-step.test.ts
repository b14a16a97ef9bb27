import { expect, it } from "vitest";
import { HarnessError } from "../../base/index.ts";
import { onPressedNode } from "./run-step.ts";

const pressed = new HarnessError("node agent-1 has DiskPressure: kubelet says so", {
  code: "environment",
  remedy: "make room",
});
const failed = new HarnessError("not within 240 s", { code: "failed", details: "what Flux says" });
const on = (found?: HarnessError) => ({ pressedNode: async () => found });

it("blames a node that is short of something before the manifests, and keeps what was seen", async () => {
  expect(await onPressedNode(on(pressed), failed)).toMatchObject({
    code: "environment",
    message: "node agent-1 has DiskPressure: kubelet says so; so this proves nothing: not within 240 s",
    remedy: "make room",
    details: "what Flux says",
  });
});

it("has nothing to add where the nodes are well, cannot be asked, or are not what failed", async () => {
  expect(await onPressedNode(on(), failed)).toBeUndefined();
  const gone = { pressedNode: () => Promise.reject(new Error("ECONNREFUSED")) };
  expect(await onPressedNode(gone, failed)).toBeUndefined();
  const interrupted = new HarnessError("the run was interrupted", { code: "interrupted" });
  expect(await onPressedNode(on(pressed), interrupted)).toBeUndefined();
});
