import type { V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { hasStarted, replacement, toleratedMs } from "./stuck-workspace.ts";

function pod(uid: string, nodeName?: string, more: { isEnding?: true; status?: V1PodStatus } = {}): V1Pod {
  return {
    metadata: { uid, name: `pod-${uid}`, ...(more.isEnding ? { deletionTimestamp: new Date(0) } : {}) },
    spec: { containers: [], ...(nodeName ? { nodeName } : {}) },
    ...(more.status ? { status: more.status } : {}),
  };
}
const old = pod("old", "agent-1");
const ending = pod("old", "agent-1", { isEnding: true });

describe("a pod on a node that does not answer stays as long", () => {
  const unreachable = { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" };
  it.each([
    ["as Kubernetes gives it", [{ ...unreachable, tolerationSeconds: 2 }], 2_000],
    [
      "as it names itself",
      [
        { ...unreachable, tolerationSeconds: 300 },
        { key: "gpu", tolerationSeconds: 9 },
      ],
      300_000,
    ],
    [
      "as the shortest of several",
      [
        { ...unreachable, tolerationSeconds: 300 },
        { operator: "Exists", tolerationSeconds: 30 },
      ],
      30_000,
    ],
    ["as nobody says", [], 0],
  ])("%s", (_how, tolerations, ms) => {
    expect(toleratedMs({ spec: { containers: [], tolerations } })).toBe(ms);
  });
});

describe("replacement", () => {
  it("is the new pod on another node, once the old one is Terminating", () => {
    const fresh = pod("new", "agent-2");
    expect(replacement("agent-1", old, [ending, fresh])).toEqual({ ready: fresh });
  });

  it.each([
    ["the old pod to be told to end", [old, pod("new", "agent-2")], "pod-old is not told to end yet"],
    ["a new pod", [ending], "no new pod with a node yet"],
    ["a node for the new pod", [ending, pod("new")], "no new pod with a node yet"],
    ["another node than the dead one", [ending, pod("new", "agent-1")], "no new pod with a node yet"],
  ])("waits for %s", (_, pods, waiting) => {
    expect(replacement("agent-1", old, pods)).toEqual({ waiting });
  });

  it("is stuck when the old pod is forgotten while its node may still run", () => {
    expect(replacement("agent-1", old, [pod("new", "agent-2")])).toEqual({
      stuck: "pod-old is gone, though nobody knows whether agent-1 is off",
    });
  });

  it("is stuck when no node takes the new pod", () => {
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes" },
    ];
    const verdict = replacement("agent-1", old, [ending, pod("new", undefined, { status: { conditions } })]);
    expect(verdict).toEqual({ stuck: "no node takes pod pod-new: 0/3 nodes" });
  });
});

describe("hasStarted", () => {
  const status = (state: object) => ({ name: "git-clone", state }) as never;

  it("is true as soon as an init container runs or has run", () => {
    const running = { initContainerStatuses: [status({ running: {} }), status({ waiting: {} })] };
    const ended = { initContainerStatuses: [status({ terminated: { exitCode: 0 } })] };
    expect(hasStarted(pod("new", "agent-2", { status: running }))).toBe(true);
    expect(hasStarted(pod("new", "agent-2", { status: ended }))).toBe(true);
  });

  it("is false while all containers wait, and for a pod without any status", () => {
    const waiting = { initContainerStatuses: [status({ waiting: {} })], containerStatuses: [status({})] };
    expect(hasStarted(pod("new", "agent-2", { status: waiting }))).toBe(false);
    expect(hasStarted(pod("new"))).toBe(false);
  });
});
