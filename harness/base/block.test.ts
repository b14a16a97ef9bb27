import { expect, it } from "vitest";
import { blockBelow } from "./block.ts";

const lines = `containers:
- command:
  - sh
  - -c

  env:
    A: b
- name: other
next: 1`.split("\n");

it.each([
  ["a key", 1, "key", 2, 8],
  ["the first key of an item", 2, "key", 3, 5],
  ["an item", 2, "item", 3, 7],
  ["a key of an item", 6, "key", 7, 7],
] as const)("is what belongs to %s", (_what, line, of, from, to) => {
  expect(blockBelow(lines, line, of)).toEqual(lines.slice(from - 1, to));
});

it("is nothing below what stands alone, and all up to the end of the last", () => {
  expect(blockBelow(lines, 8)).toEqual([]);
  expect(blockBelow(["a:", "  b: c"], 1)).toEqual(["  b: c"]);
});
