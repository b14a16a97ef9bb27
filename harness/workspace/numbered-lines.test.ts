import { describe, expect, it } from "vitest";
import { accountFor, accountForLines, numberedLine } from "./numbered-lines.ts";

const lines = (...numbers: number[]) => Buffer.from(numbers.map(numberedLine).join(""));

describe("the account of numbered lines", () => {
  it("has no trouble when every byte came once and in order", () => {
    expect(accountForLines(3, lines(1, 2, 3))).toEqual({ sent: 3, received: [1, 2, 3], trouble: undefined });
  });

  it("names what was lost", () => {
    expect(accountForLines(7, lines(1, 2, 6)).trouble).toBe("lost: 3–5, 7 (4 of 7)");
  });

  it("counts half a line as lost", () => {
    expect(accountForLines(2, lines(1, 2).subarray(0, -1)).trouble).toBe("lost: 2 (1 of 2)");
  });

  it("sees a byte too many", () => {
    expect(accountForLines(1, Buffer.concat([lines(1), Buffer.from("x")])).trouble).toBe(
      "65 bytes came, not the 64 that were sent",
    );
  });

  it("expects nothing of a number that may not have been sent, but that it comes once", () => {
    expect(accountFor(3, [1, 3], new Set([2])).trouble).toBeUndefined();
    expect(accountFor(3, [1, 2, 3], new Set([2])).trouble).toBeUndefined();
    expect(accountFor(3, [1, 2, 2, 3], new Set([2])).trouble).toBe("came twice: 2");
    expect(accountFor(3, [1], new Set([2])).trouble).toBe("lost: 3 (1 of 3)");
  });

  it("tells what came twice and what came late", () => {
    expect(accountFor(3, [1, 3, 2, 3]).trouble).toBe("came twice: 3; out of order: 2");
  });
});
