import { afterEach, expect, it, vi } from "vitest";
import { ownerOf } from "./owner.ts";
import { isLeft, isOfThisCache, labelNames, labelsOf } from "./run-labels.ts";
import { endedOwner } from "./test-owner.ts";

afterEach(() => vi.unstubAllEnvs());

it("labels what a run starts with the run, this process and this cache", () => {
  const own = labelsOf("run-1");
  expect(own).toMatchObject({ "opencode-harness": "true", "opencode-harness.run": "run-1" });
  expect(own[labelNames.owner]).toBe(ownerOf(process.pid));
  expect(isOfThisCache(own)).toBe(true);
  expect(isLeft(own)).toBe(false);
});

it("takes for left what this cache made and whose process has ended; never what another cache made", async () => {
  const labels = { ...labelsOf("run-1"), [labelNames.owner]: await endedOwner() };
  expect(isLeft(labels)).toBe(true);
  vi.stubEnv("OPENCODE_HARNESS_CACHE", "/somebody/elses");
  expect(isLeft(labels)).toBe(false);
});

it("takes nothing for left that says of nobody whose it is", () => {
  expect(isLeft({ "opencode-harness": "true", "opencode-harness.run": "run-1" })).toBe(false);
});
