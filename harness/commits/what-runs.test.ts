import { expect, it } from "vitest";
import { isCache, lossOf } from "./what-runs.ts";

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

it.each([
  [["/home/opencode/.cache"], true],
  [["/cache", "/tmp"], true],
  [["/home/opencode/.cache", "/workspace"], false],
  [["/data/cached-work"], false],
  [[], false],
])("a claim at %j keeps what can be fetched again alone: %s", (paths, expected) => {
  const mounts = paths.map((path) => ({ container: "app", path, subPath: "", readOnly: false }));
  expect(isCache({ mounts })).toBe(expected);
});
