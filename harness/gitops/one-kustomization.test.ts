import { expect, it } from "vitest";
import type { AnyObject, Cluster, Verdict, Wait } from "../cluster/index.ts";
import { untilRefused, untilTaken } from "./one-kustomization.ts";

const name = { namespace: "flux-system", name: "opencode-ha" };
const revision = "main@sha1:new";

function kustomization(status: string, reason: string, applied: string, attempted = applied): AnyObject {
  return {
    kind: "Kustomization",
    metadata: { ...name, generation: 1 },
    status: {
      observedGeneration: 1,
      lastAppliedRevision: applied,
      lastAttemptedRevision: attempted,
      conditions: [{ type: "Ready", status, reason, message: "words" }],
    },
  };
}

/** What the wait says of this object. */
async function verdictOn(object: AnyObject | undefined, wait: typeof untilTaken | typeof untilRefused) {
  let verdict: Verdict<unknown> | undefined;
  const cluster = {
    wait: async (asked: Wait<unknown>) => {
      verdict = asked.until(object ? [object] : []);
    },
  };
  await wait(cluster as unknown as Cluster, name, { revision });
  return Object.keys(verdict ?? {})[0];
}

it.each([
  ["has it", kustomization("True", "ReconciliationSucceeded", revision), "ready", "waiting"],
  ["has another", kustomization("True", "ReconciliationSucceeded", "old"), "waiting", "waiting"],
  ["cannot be built", kustomization("False", "BuildFailed", "old", revision), "stuck", "ready"],
  ["could not be built before", kustomization("False", "BuildFailed", "old", "older"), "waiting", "waiting"],
  ["waits for another", kustomization("False", "DependencyNotReady", "old", revision), "waiting", "waiting"],
  ["is not there", undefined, "waiting", "waiting"],
])("a Kustomization that %s", async (_, object, taken, refused) => {
  expect([await verdictOn(object, untilTaken), await verdictOn(object, untilRefused)]).toEqual([
    taken,
    refused,
  ]);
});
