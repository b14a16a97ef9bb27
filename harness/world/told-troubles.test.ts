import { expect, it } from "vitest";
import { toldTrouble } from "./told-troubles.ts";

const event = (kind: string, reason: string, message: string, count = 2) => ({
  reason,
  message,
  count,
  involvedObject: { kind, name: "garden" },
});
const handle = "error getting handle for DataSource Type VolumeSnapshot by Name garden:";

it.each([
  event("PersistentVolumeClaim", "ProvisioningFailed", `${handle} snapshot of another driver`),
  event("VolumeSnapshot", "GetSnapshotClassFailed", 'class "x" not found', 1),
])("ends a wait for what stays as it is: $reason of a $involvedObject.kind", (told) => {
  expect(toldTrouble.isTold(told)).toBe(true);
});

it("waits for a snapshot that a claim is filled from too early", () => {
  const early = event(
    "PersistentVolumeClaim",
    "ProvisioningFailed",
    `${handle} snapshot garden is not Ready`,
  );
  expect(toldTrouble.isTold(early)).toBe(false);
});
