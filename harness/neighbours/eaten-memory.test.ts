import { expect, it } from "vitest";
import type { Wait } from "../cluster/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { eatMemory } from "./eaten-memory.ts";

/** A workspace whose container has such limits; what is run in it ends so, and the container itself may have ended too. */
function workspaceWith(limits: object | undefined, run: () => Promise<object>, lastState: object = {}) {
  const pod = { metadata: { name: "p" }, status: { containerStatuses: [{ name: "app", lastState }] } };
  const workspace = {
    name: "opencode-flux",
    namespace: "opencode",
    cluster: { exec: run, wait: async ({ until }: Wait<number>) => Object.values(until([pod]))[0] },
    readyPod: async () => pod,
    appContainer: () => ({ name: "app", resources: { limits } }),
  };
  return workspace as unknown as DeployedWorkspace;
}

const limits = { memory: "1Gi" };

it("the kernel kills what eats too much", async () => {
  const killed = async () => ({ exitCode: 137, stdout: "", stderr: "" });
  expect(await eatMemory(workspaceWith(limits, killed))).toBe("killed at the limit of 1Gi");
});

it("OpenCode itself may be what the kernel kills", async () => {
  const gone = () => Promise.reject(new Error("the connection ended"));
  const oom = { terminated: { reason: "OOMKilled", exitCode: 137 } };
  expect(await eatMemory(workspaceWith(limits, gone, oom))).toBe("killed at the limit of 1Gi");
  const other = { terminated: { reason: "Error", exitCode: 1 } };
  await expect(eatMemory(workspaceWith(limits, gone, other))).rejects.toThrow(/exit code 1$/);
});

it("a container without a limit is left alone and told", async () => {
  const never = () => Promise.reject(new Error("it was run"));
  await expect(eatMemory(workspaceWith(undefined, never))).rejects.toMatchObject({
    code: "failed",
    message: expect.stringMatching(/^container app of opencode-flux has no memory limit/),
  });
});

it("what ends otherwise proves nothing", async () => {
  const failed = async () => ({ exitCode: 1, stdout: "", stderr: "no shell" });
  await expect(eatMemory(workspaceWith(limits, failed))).rejects.toMatchObject({
    code: "environment",
    details: "no shell",
  });
});
