import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { sharedClaim } from "./one-pod.ts";

const pod = (name: string, claim: string, isLeaving = false): V1Pod => ({
  metadata: { name, ...(isLeaving ? { deletionTimestamp: new Date(0) } : {}) },
  spec: { containers: [], volumes: [{ name: "data", persistentVolumeClaim: { claimName: claim } }] },
});

describe("sharedClaim", () => {
  it("finds two pods that want to keep the same volume", () => {
    const found = sharedClaim([pod("a", "opencode-flux"), pod("b", "opencode-ha"), pod("c", "opencode-ha")]);
    expect(found?.claim).toBe("opencode-ha");
    expect(found?.pods.map(({ metadata }) => metadata?.name)).toEqual(["b", "c"]);
  });

  it("takes a pod that replaces one on its way out for no second one", () => {
    expect(sharedClaim([pod("old", "opencode-flux", true), pod("new", "opencode-flux")])).toBeUndefined();
  });
});
