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

const moved = (result: string, logs: string) => ({
  ...destination("Synchronization in-progress", "SyncInProgress"),
  status: { latestMoverStatus: { result, logs } },
});

it("tells of a repository that no mover will ever open", () => {
  const logs =
    "=== Starting restore ===\nFatal: config or key 1741cb is damaged: ciphertext verification failed";
  expect(lastingTrouble(moved("Failed", logs))).toBe(
    "ReplicationDestination ai/garden-dst: its mover failed: config or key 1741cb is damaged",
  );
});

it.each([
  "create repository at volsync/garden failed: Fatal: unable to open repository: config file already exists",
  "Fatal: unable to open repository: The Access Key Id you provided does not exist in our records.",
  "Fatal: The request signature we calculated does not match the signature you provided.",
  "Fatal: Stat: Access Denied.",
])("tells of what no mover will ever get beyond: %s", (logs) => {
  expect(lastingTrouble(moved("Failed", logs))).toContain("its mover failed: ");
});

it.each([
  [
    "a repository that cannot be reached",
    moved("Failed", "Fatal: unable to open repository: connection refused"),
  ],
  ["a mover that has done its work", moved("Successful", "Restoring: wrong password or no key found.md")],
  ["what is on its way", destination('Secret "garden-volsync-secret" not found')],
  ["what goes on", destination("Synchronization in-progress", "SyncInProgress")],
  ["what nothing is said of yet", { kind: "ReplicationSource", metadata: {} }],
])("waits for %s", (_what, object) => {
  expect(lastingTrouble(object)).toBeUndefined();
});

it("takes what an earlier mover said for no word about this manifest", () => {
  const failed = moved("Failed", "Fatal: wrong password or no key found");
  expect(lastingTrouble(failed, true)).toBeUndefined();
  expect(lastingTrouble(failed)).toMatch(/its mover failed: wrong password/);
});
