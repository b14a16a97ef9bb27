import { describe, expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { type ToldEvent, untilTrouble } from "./event-trouble.ts";
import { missingKey } from "./missing-key.ts";

const lacks: ToldEvent = {
  metadata: { uid: "1" },
  reason: "UpdateFailed",
  message: "error processing spec.data[0] (key: OPENCODE_FLUX_GITHUB_TOKEN), err: Secret does not exist",
  involvedObject: { kind: "ExternalSecret", name: "opencode-flux-secret" },
};
const told = (message: string): ToldEvent => ({ ...lacks, message });
const outage: ToldEvent = { ...lacks, message: "error processing spec.data[0] (key: A), err: 503" };

/** A cluster with these events, whose ExternalSecret is Ready or not; it ends the wait when no event is of interest. */
function clusterWith(events: ToldEvent[], isReady: boolean): Cluster {
  return {
    async wait({ until }: { until: (objects: unknown[]) => { ready?: unknown } }) {
      const { ready } = until(events);
      if (ready === undefined) throw new HarnessError("nothing came", { code: "interrupted" });
      return ready;
    },
    objects: {
      find: async () => ({ status: { conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] } }),
    },
  } as unknown as Cluster;
}
const options = { namespace: "opencode", signal: new AbortController().signal, timeoutMs: 1_000 };

describe("missingKey", () => {
  it("ends with External Secrets' words, the key among them", async () => {
    await expect(untilTrouble(clusterWith([outage, lacks], false), missingKey, options)).rejects.toThrow(
      "ExternalSecret opencode/opencode-flux-secret: UpdateFailed: error processing spec.data[0] (key: OPENCODE_FLUX_GITHUB_TOKEN)",
    );
  });

  it("goes on when the key has come since", async () => {
    await expect(untilTrouble(clusterWith([lacks], true), missingKey, options)).rejects.toThrow(
      "nothing came",
    );
  });

  it.each([
    ["the webhook", "error processing spec.data[0] (key: A), err: Secret does not exist"],
    [
      "Doppler",
      "error processing spec.data[0] (key: a), err: could not get secret a: Doppler API Client Error: Could not find requested secret: a",
    ],
    [
      "Doppler, of a key that is taken whole",
      "error processing spec.dataFrom[0].extract, err: could not get secret A: Doppler API Client Error: Could not find requested secret: A",
    ],
  ])("knows the words of %s", (_who, message) => expect(missingKey.isTold(told(message))).toBe(true));

  it.each([
    outage.message ?? "",
    "error processing spec.data[0] (key: A), err: could not get secret A: Doppler API Client Error: unauthorized",
    "error processing spec.data[0] (key: A), err: could not get secret A: Doppler API Client Error: Could not find requested project 'x'",
  ])("leaves a trouble that may pass alone: %s", (message) =>
    expect(missingKey.isTold(told(message))).toBe(false),
  );
});
