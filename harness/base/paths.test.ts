import { afterEach, expect, it, vi } from "vitest";
import { cacheDir } from "./paths.ts";

afterEach(() => void vi.unstubAllEnvs());

it("is where the variable says", () => {
  vi.stubEnv("OPENCODE_HARNESS_CACHE", "/a disk/cache");
  expect(cacheDir("tmp")).toBe("/a disk/cache/tmp");
});

it("is the user's own where the variable is empty, and never the directory of the call", () => {
  vi.stubEnv("OPENCODE_HARNESS_CACHE", "");
  expect(cacheDir()).toMatch(/opencode-harness/);
  expect(cacheDir()).not.toBe(process.cwd());
});
