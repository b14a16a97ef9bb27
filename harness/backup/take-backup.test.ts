import { expect, it } from "vitest";
import { isIdle, isMade, judgeMover } from "./take-backup.ts";

const source = (reason: string, message = "", more: object = {}) => ({
  status: { conditions: [{ type: "Synchronizing", reason, message }], ...more },
});

it("waits for the backup that is under way, and for one that has not begun", () => {
  expect(isIdle({})).toEqual({ waiting: "nothing yet: " });
  expect(isIdle(source("SyncInProgress", "in progress"))).toEqual({ waiting: "SyncInProgress: in progress" });
  expect(isIdle(source("WaitingForSchedule"))).toHaveProperty("ready");
});

it("takes a backup for made when VolSync names its tag", () => {
  const done = source("CleaningUp", "", { lastManualSync: "2" });
  expect(isMade("2")(done)).toEqual({ ready: done });
  expect(isMade("3")(done)).toHaveProperty("waiting");
});

it.each([isIdle, isMade("2")])("gives up where VolSync says what does not pass by itself", (judge) => {
  const missing = 'PersistentVolumeClaim "garden" not found';
  expect(judge(source("Error", missing))).toEqual({ stuck: missing });
  expect(judge(source("Error", "the object has been modified"))).toHaveProperty("waiting");
});

it.each([undefined, {}, { status: { failed: 2 } }])("lets a mover try again: %o", (mover) => {
  expect(judgeMover(mover)).toHaveProperty("waiting");
});

it("gives a mover up that ends badly again and again", () => {
  expect(judgeMover({ status: { failed: 3 } })).toEqual({ stuck: "its mover has ended badly 3 times" });
});
