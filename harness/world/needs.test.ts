import { expect, it } from "vitest";
import { testFacts } from "../rendering/test-facts.ts";
import { hasAll, notApplicable } from "./needs.ts";

const { password: _, ...open } = testFacts("open", { clones: [] });

it("a step is applicable where one workspace has all that it needs", () => {
  expect(notApplicable([open, testFacts()], ["password", "clone"])).toBeUndefined();
  expect(hasAll(open, ["login"], [open])).toBe(true);
  expect(hasAll(open, ["login", "clone"], [open])).toBe(false);
});

it("says what no workspace has", () => {
  expect(notApplicable([open], ["login", "clone"])).toBe(
    "no workspace of the tree has a repository that it clones",
  );
  expect(notApplicable([open], ["password", "clone"])).toMatch(/a server password and a repository/);
});

it("knows a workspace that is alone in its tree", () => {
  expect(notApplicable([testFacts()], ["neighbour"])).toBe("no workspace of the tree has a neighbour");
  expect(notApplicable([testFacts(), open], ["neighbour"])).toBeUndefined();
});

it("counts as a neighbour only who has the rest of what a step needs", () => {
  const both = [testFacts(), open];
  expect(notApplicable(both, ["neighbour", "password"])).toMatch(/a neighbour and a server password/);
  expect(hasAll(testFacts(), ["neighbour", "password"], [...both, testFacts("other")])).toBe(true);
});
