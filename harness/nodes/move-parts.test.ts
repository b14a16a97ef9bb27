import { describe, expect, it } from "vitest";
import { parseDriverLog, partsBetween, partsInWords } from "./move-parts.ts";

describe("the parts of a move", () => {
  it("add up to the whole", () => {
    const parts = partsBetween(1_000, [
      { part: "evict", at: 1_200 },
      { part: "detach", at: undefined },
      { part: "init", at: 4_000 },
      { part: "Ready", at: 9_000 },
    ]);
    expect(partsInWords(parts)).toBe("8.0 s: evict 0.2, init 2.8, Ready 5.0");
  });

  it("are never negative where a time was rounded down", () => {
    const parts = partsBetween(0, [
      { part: "stage", at: 5_400 },
      { part: "init", at: 5_000 },
      { part: "Ready", at: 6_000 },
    ]);
    expect(parts.map(({ ms }) => ms)).toEqual([5_400, 0, 600]);
  });

  it("leave out calls of the driver that were refused, and other lines", () => {
    const log = [
      '{"at":"2026-01-01T00:00:00.000Z","message":"driver started","socket":"/csi/csi.sock"}',
      '{"at":"2026-01-01T00:00:01.000Z","message":"NodeStageVolume","volume":"v","ms":3,"code":"INTERNAL"}',
      '{"at":"2026-01-01T00:00:02.000Z","message":"NodeStageVolume","volume":"v","ms":5}',
      "no JSON",
    ].join("\n");
    expect(parseDriverLog(log).map(({ at }) => at)).toEqual(["2026-01-01T00:00:02.000Z"]);
  });
});
