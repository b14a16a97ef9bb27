import { expect, it } from "vitest";
import { lossOf } from "./what-runs.ts";

const claim = (more: object = {}, phase = "Bound") => ({
  metadata: { uid: "1", ...more },
  status: { phase },
});

it.each([
  ["it is the same and bound", claim(), undefined],
  ["it is not there", undefined, "is gone"],
  ["another has its name", claim({ uid: "2" }), "was made anew"],
  ["it is on its way out", claim({ deletionTimestamp: new Date() }), "is deleted, and goes with its pod"],
  ["its volume is gone", claim({}, "Lost"), "is Lost"],
])("a claim is judged when %s", (_, found, loss) => {
  expect(lossOf(found, "1")).toBe(loss);
});
