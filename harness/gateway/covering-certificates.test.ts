import { expect, it } from "vitest";
import { covers } from "./covering-certificates.ts";

const host = "flux.opencode.example.test";

it("takes a wildcard for one label, as browsers do", () => {
  expect(covers("*.opencode.example.test", host)).toBe(true);
  expect(covers(host, host)).toBe(true);
  expect(covers("*.example.test", host)).toBe(false);
});
