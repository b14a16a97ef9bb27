import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { omissions } from "./without.ts";

it.each(omissions)("$name can be left out of this checkout", async ({ edits }) => {
  for (const { file, from, to } of edits) {
    const content = await readFile(join(checkoutDir, file), "utf8");
    expect(content.split(from), file).toHaveLength(2);
    expect(to).not.toBe(from);
  }
});
