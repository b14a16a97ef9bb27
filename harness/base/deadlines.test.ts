import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "./paths.ts";

/** A time of day that is waited for, or to which time is granted. */
const byTheClock = [
  /\b(?:deadline|endsAt)\b[^\n]*Date\.now\(\)|Date\.now\(\)[^\n]*\b(?:deadline|endsAt)\b/,
  /\bwhile \([^\n]*Date\.now\(\)/,
  /Date\.now\(\) [+] \w*(?:Ms|\))/,
];

it("no wait ends by the machine's clock, which is put right while one goes on and jumps after a sleep", () => {
  const files = globSync("harness/**/*.ts", { cwd: checkoutDir }).filter(
    (file) => !file.endsWith(".test.ts"),
  );
  const wrong = files.filter((file) => {
    const text = readFileSync(join(checkoutDir, file), "utf8");
    return byTheClock.some((form) => form.test(text));
  });
  expect(wrong).toEqual([]);
});
