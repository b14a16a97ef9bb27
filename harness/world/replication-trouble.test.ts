import { expect, it } from "vitest";
import { lastingTrouble } from "./replication-trouble.ts";

const destination = (message: string, reason = "Error") => ({
  kind: "ReplicationDestination",
  metadata: { namespace: "ai", name: "garden-dst" },
  status: { conditions: [{ type: "Synchronizing", reason, message }] },
});

it("tells what VolSync cannot do as the manifest is", () => {
  expect(lastingTrouble(destination("secret is missing field: RESTIC_PASSWORD"))).toBe(
    "ReplicationDestination ai/garden-dst: secret is missing field: RESTIC_PASSWORD",
  );
});

it.each([
  ["what is on its way", destination('Secret "garden-volsync-secret" not found')],
  ["what goes on", destination("Synchronization in-progress", "SyncInProgress")],
  ["what nothing is said of yet", { kind: "ReplicationSource", metadata: {} }],
])("waits for %s", (_what, object) => {
  expect(lastingTrouble(object)).toBeUndefined();
});
