import { expect, it } from "vitest";
import { toldPlaces } from "../index.ts";
import { checked, release, text } from "../rules/test-check.ts";

it("shows a finding with the lines around it, what is wrong there and what to do", async () => {
  const result = await checked(text(release, "chmod 600 auth.json ", "chmod 644 auth.json "));
  const [found, ...more] = toldPlaces(result, result.findings, process.cwd());
  expect(more).toEqual([]);
  expect(found?.told).toMatch(/helmrelease\.yaml:\d+ \(the check: .* mode 644.*: write chmod 600\)$/);
  const { line = 0, firstLine = 0, lines = [] } = found?.excerpt ?? {};
  expect(lines[line - firstLine]).toContain("chmod 644");
});
