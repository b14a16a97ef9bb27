import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { testFacts } from "../rendering/test-facts.ts";
import { concerns, overlap, sharedClaim } from "./one-pod.ts";

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

  it.each(["Failed", "Succeeded"])("takes a pod after one that has %s for no second one", (phase) => {
    const ended = { ...pod("mover-1", "cache"), status: { phase } };
    const next = { ...pod("mover-2", "cache"), status: { phase: "Pending" } };
    expect(sharedClaim([ended, next])).toBeUndefined();
    expect(sharedClaim([ended, next, pod("mover-3", "cache")])?.pods).toHaveLength(2);
  });
});

it("takes a mover that copies from the volume itself for no second pod, and another Job's for one", () => {
  const of = (name: string) => ({
    ...pod("job-1", "opencode-flux"),
    metadata: { name: "job-1", ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid: "1" }] },
  });
  const workspace = pod("opencode-flux-1", "opencode-flux");
  expect(sharedClaim([workspace, of("volsync-src-opencode-flux")])).toBeUndefined();
  expect(sharedClaim([workspace, of("nightly")])?.pods).toHaveLength(2);
});

describe("a claim that two pods share", () => {
  const flux = testFacts("opencode-flux");
  const own = [{ facts: flux }, { facts: testFacts("opencode-ha", { selector: { app: "ha" } }) }];
  const labelled = (name: string, labels: Record<string, string>): V1Pod => ({
    ...pod(name, "claim"),
    metadata: { name, labels },
  });
  const [ours, other, stranger] = [
    labelled("flux", { ...flux.selector, more: "x" }),
    labelled("ha", { app: "ha" }),
    labelled("films", { app: "films" }),
  ] as [V1Pod, V1Pod, V1Pod];

  it.each([
    ["of one workspace", [ours, ours], true, true],
    ["of two workspaces", [ours, other], true, false],
    ["of a workspace and of another application", [ours, stranger], true, false],
    ["of others", [stranger, stranger], false, false],
  ] as const)("%s is theirs to say: %j", (_of, pods, isOurs, isOursForMany) => {
    expect(concerns(own, pods, false)).toBe(isOurs);
    expect(concerns(own, pods, true)).toBe(isOursForMany);
  });

  it("is passed over where nobody means it", () => {
    expect(sharedClaim([ours, stranger], () => false)).toBeUndefined();
  });
});

describe("overlap", () => {
  const deployment = (strategy?: { type: string }, claimName = "opencode-ha") => ({
    kind: "Deployment",
    spec: {
      ...(strategy ? { strategy } : {}),
      selector: {},
      template: pod("a", claimName),
    },
  });

  it.each([
    ["a rolling update, also where nobody names it", deployment(), "RollingUpdate"],
    ["none with Recreate", deployment({ type: "Recreate" }), undefined],
    ["none of a StatefulSet", { ...deployment(), kind: "StatefulSet" }, undefined],
  ])("is %s", (_, workload, expected) => {
    expect(overlap(workload as Parameters<typeof overlap>[0])).toBe(expected);
  });
});
