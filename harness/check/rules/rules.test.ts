import { expect, it } from "vitest";
import { checked } from "./test-check.ts";

it("has nothing against what is right in the home", { timeout: 60_000 }, async () => {
  const { findings, pitfalls } = await checked(() => {});
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(pitfalls.map(({ verdict }) => verdict)).toEqual(Array(12).fill("holds"));
});
