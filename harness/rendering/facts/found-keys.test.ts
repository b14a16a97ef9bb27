import { expect, it } from "vitest";
import { mayFind } from "./found-keys.ts";

it.each([
  ["its path", { path: "TEAM_" }, true],
  ["another path", { path: "OTHER_" }, false],
  ["a pattern somewhere in it", { regexp: "PASS" }, true],
  ["both", { path: "TEAM_", regexp: "WORD$" }, true],
  ["the path, but not the pattern", { path: "TEAM_", regexp: "^PASS" }, false],
  ["nothing in particular", {}, true],
  ["a pattern that only Go can read", { regexp: "(?i)pass" }, true],
])("a key is found by %s: %j is %s", (_, find, found) => {
  expect(mayFind(find, "TEAM_PASSWORD")).toBe(found);
});
