import { expect, it } from "vitest";
import { someNames } from "./some-names.ts";

it("names each once, and of many the first", () => {
  expect(someNames(["a", "b", "a"])).toBe("a, b");
  expect(someNames(["a", "b", "c", "d", "e", "f"])).toBe("a, b, c, d and 2 more");
});
