import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  KubeConfig,
  type V1ContainerState,
  type V1ContainerStatus,
  type V1Pod,
} from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { isReady, podLog, stuckAmong } from "./pods.ts";

function podWith(status: Partial<V1ContainerStatus>, where: "init" | "app" = "app"): V1Pod {
  const full: V1ContainerStatus = {
    name: where,
    image: "image",
    imageID: "",
    ready: false,
    restartCount: 0,
    ...status,
  };
  return {
    metadata: { name: "opencode-ha-1" },
    status: where === "init" ? { initContainerStatuses: [full] } : { containerStatuses: [full] },
  };
}

const waiting = (reason: string, message?: string): V1ContainerState => ({
  waiting: { reason, ...(message ? { message } : {}) },
});
const ended = (exitCode: number): V1ContainerState => ({
  terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error" },
});

describe("stuckAmong", () => {
  const stuckReason = (pod: V1Pod) => stuckAmong([pod])?.stuck;

  it("takes what is never tried again as an answer", () => {
    expect(stuckAmong([podWith({ state: waiting("InvalidImageName", "no such image") })])).toEqual({
      stuck: "container app of pod opencode-ha-1: InvalidImageName: no such image",
    });
  });

  it.each(["ErrImagePull", "ImagePullBackOff", "CreateContainerError"])(
    "takes %s as an answer where a second attempt has not mended it",
    (reason) => {
      expect(stuckAmong([podWith({ state: waiting(reason, "no answer") })])).toEqual({
        stuck: `container app of pod opencode-ha-1: ${reason}: no answer`,
        of: "container app of pod opencode-ha-1",
        forMs: 25_000,
      });
    },
  );

  it("names of several pods the one that ends the wait first", () => {
    const [pulls, crashed] = [
      podWith({ state: waiting("ErrImagePull") }),
      podWith({ state: ended(3), restartCount: 1 }),
    ];
    expect(stuckAmong([pulls, crashed])?.stuck).toContain("ended 2 times");
    expect(stuckAmong([podWith({ state: { running: {} } }), pulls])?.stuck).toContain("ErrImagePull");
  });

  it.each(["ContainerCreating", "PodInitializing"])("waits for %s", (reason) => {
    expect(stuckReason(podWith({ state: waiting(reason) }))).toBeUndefined();
  });

  it("allows one failed start, while it is over and while the second runs", () => {
    expect(stuckReason(podWith({ state: ended(1) }, "init"))).toBeUndefined();
    expect(
      stuckReason(podWith({ state: { running: {} }, lastState: ended(1), restartCount: 1 })),
    ).toBeUndefined();
  });

  it("takes two failed starts as an answer", () => {
    const crashed = podWith(
      { state: waiting("CrashLoopBackOff"), lastState: ended(3), restartCount: 1 },
      "init",
    );
    expect(stuckReason(crashed)).toBe(
      "container init of pod opencode-ha-1 ended 2 times, last with exit code 3 (Error)",
    );
  });

  it("waits for one that runs, and for a pod that is going", () => {
    const running = podWith({ state: { running: {} }, lastState: ended(1), restartCount: 2 });
    expect(stuckReason(running)).toBeUndefined();
    const going = podWith({ state: ended(1), restartCount: 2 });
    expect(
      stuckReason({ ...going, metadata: { ...going.metadata, deletionTimestamp: new Date() } }),
    ).toBeUndefined();
  });

  it("has nothing against a container that ended well", () => {
    expect(stuckReason(podWith({ state: ended(0), restartCount: 1 }, "init"))).toBeUndefined();
    expect(stuckReason({ metadata: { name: "new" } })).toBeUndefined();
  });
});

describe("isReady", () => {
  const ready: V1Pod = { status: { conditions: [{ type: "Ready", status: "True" }] } };

  it("is what the condition says, but not of a pod that is going", () => {
    expect(isReady(ready)).toBe(true);
    expect(isReady({ status: { conditions: [{ type: "Ready", status: "False" }] } })).toBe(false);
    expect(isReady({ ...ready, metadata: { deletionTimestamp: new Date() } })).toBe(false);
  });
});

describe("podLog", () => {
  it("is empty for a pod that no node has taken: the API server answers with nothing, not even a type", async () => {
    await using server = createServer((_request, response) => void response.writeHead(200).end());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const config = new KubeConfig();
    const { port } = server.address() as AddressInfo;
    config.loadFromClusterAndUser(
      { name: "fake", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: "nobody" },
    );
    expect(await podLog(config, { namespace: "opencode", pod: "flux", container: "app" })).toBe("");
  });
});
