import { expect, it } from "vitest";
import { quoted } from "./quoted.ts";

it("stands between words that nobody knows where GitHub's runner reads it", () => {
  const text = "a name\n::error::of a manifest";
  const told = quoted(text, { GITHUB_ACTIONS: "true" });
  expect(told).toMatch(/^::stop-commands::([0-9a-f]{32})\na name\n::error::of a manifest\n::\1::\n$/);
  expect(quoted(text, { GITHUB_ACTIONS: "true" })).not.toBe(told);
});

it("is as it is elsewhere", () => {
  expect(quoted("text", {})).toBe("text");
});
