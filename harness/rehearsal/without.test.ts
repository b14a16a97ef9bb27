import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { omissions, omissionsOf } from "./without.ts";

it.each(omissions)("$name can be left out of this checkout", async ({ edits }) => {
  for (const { file, from, to } of edits) {
    const content = await readFile(join(checkoutDir, file), "utf8");
    expect(content.split(from), file).toHaveLength(2);
    expect(to).not.toBe(from);
  }
});

it("leaves out all, none, or what is named", () => {
  expect(omissionsOf([])).toEqual(omissions);
  expect(omissionsOf(["none"])).toEqual([]);
  expect(omissionsOf(["eviction", "none"]).map(({ name }) => name)).toEqual(["eviction"]);
  expect(() => omissionsOf(["everything"])).toThrow(/nothing called everything/);
});
