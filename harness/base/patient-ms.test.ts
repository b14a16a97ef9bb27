import { expect, it } from "vitest";
import { patientMs } from "./patient-ms.ts";

it.each([
  ["a quiet machine", 0.4, 20_000, 20_000],
  ["cores that are just busy", 2, 20_000, 20_000],
  ["twice as much as that", 4, 20_000, 40_000],
  ["a machine that is lost in work", 40, 20_000, 60_000],
  ["a deadline of minutes", 10, 240_000, 300_000],
  ["what is left of one, a part of a millisecond too", 0.4, 239_999.86, 240_000],
])("gives time by the machine's load: %s", (_what, load, ms, granted) => {
  expect(patientMs(ms, load)).toBe(granted);
});

it("asks the machine itself where no load is given", () => {
  expect(patientMs(1_000)).toBeGreaterThanOrEqual(1_000);
  expect(patientMs(1_000)).toBeLessThanOrEqual(3_000);
});
