import { expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import type { AnyObject, Wait } from "../cluster/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { changeByHand } from "./hand-made.ts";

const signal = new AbortController().signal;

/** A workspace that Flux puts right or not, and the events of its release. */
function workspaceWhere(isPutRight: (kind: string) => boolean, events: object[] = []) {
  const changed: AnyObject[] = [];
  const facts = testFacts();
  const cluster = {
    objects: {
      merge: async (object: AnyObject) => void changed.push(object),
      all: async () => events,
    },
    wait: async ({ kind, until, what }: Wait<true>) => {
      const hostnames = facts.hosts.map(({ hostname }) => hostname);
      const now = isPutRight(kind)
        ? { spec: { hostnames, refreshInterval: "30m" } }
        : { spec: changed.find((one) => one.kind === kind)?.spec };
      if ("ready" in until([now])) return;
      throw new HarnessError(`expected that ${what}`, { code: "failed" });
    },
  };
  const workspace = { name: facts.name, namespace: facts.namespace, facts, cluster };
  return { workspace: workspace as unknown as DeployedWorkspace, changed };
}

const drift = (message: string, lastTimestamp = new Date(Date.now() + 1_000).toISOString()) => ({
  reason: "DriftDetected",
  message,
  lastTimestamp,
  involvedObject: { kind: "HelmRelease", name: "opencode-flux" },
});

it("what Flux puts right is fine, and Flux is asked to look at once", async () => {
  const { workspace, changed } = workspaceWhere(() => true);
  expect(await changeByHand(workspace, signal)).toEqual([
    "hostnames of HTTPRoute opencode-flux was put right",
    "refreshInterval of ExternalSecret opencode-flux-secret was put right",
  ]);
  const asked = changed.filter(({ metadata }) => metadata?.annotations?.["reconcile.fluxcd.io/requestedAt"]);
  expect(asked.map(({ kind }) => kind)).toEqual(["Kustomization", "HelmRelease"]);
});

it("drift that is told in an event is told", async () => {
  const { workspace } = workspaceWhere(
    (kind) => kind !== "HTTPRoute",
    [drift("HTTPRoute/opencode/opencode-flux changed")],
  );
  expect((await changeByHand(workspace, signal))[0]).toMatch(/was told: HTTPRoute\/opencode\/opencode-flux/);
});

it("what is neither put right nor told is a failure; an event of before is none of this", async () => {
  const { workspace } = workspaceWhere(
    (kind) => kind !== "HTTPRoute",
    [drift("HTTPRoute/opencode/opencode-flux changed", "2026-01-01T00:00:00Z")],
  );
  await expect(changeByHand(workspace, signal)).rejects.toThrow(
    "hostnames of HTTPRoute opencode-flux was changed by hand, and Flux has looked and neither put it right nor told of it",
  );
});
