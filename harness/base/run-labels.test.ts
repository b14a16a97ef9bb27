import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, it, vi } from "vitest";
import { ownerOf } from "./owner.ts";
import { isLeft, isOfThisCache, labelNames, labelsOf } from "./run-labels.ts";

afterEach(() => vi.unstubAllEnvs());

it("labels what a run starts with the run, this process and this cache", () => {
  const own = labelsOf("run-1");
  expect(own).toMatchObject({ "opencode-harness": "true", "opencode-harness.run": "run-1" });
  expect(own[labelNames.owner]).toBe(ownerOf(process.pid));
  expect(isOfThisCache(own)).toBe(true);
  expect(isLeft(own)).toBe(false);
});

it("takes for left what this cache made and whose process has ended; never what another cache made", async () => {
  const child = spawn(process.execPath, ["--eval", "setTimeout(() => {}, 60_000)"]);
  const labels = { ...labelsOf("run-1"), [labelNames.owner]: ownerOf(child.pid as number) };
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isLeft(labels)).toBe(true);
  vi.stubEnv("OPENCODE_HARNESS_CACHE", "/somebody/elses");
  expect(isLeft(labels)).toBe(false);
});

it("takes nothing for left that says of nobody whose it is", () => {
  expect(isLeft({ "opencode-harness": "true", "opencode-harness.run": "run-1" })).toBe(false);
});
