import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const include = ["harness/**/*.test.ts", "fixtures/**/*.test.ts", "scenarios/**/*.test.ts"];
/** What a test file leaves behind for all that its process does afterwards: a module in another's place, what a process knows once and for all. */
const lasting =
  /\b(vi\.(do)?mock|addPrivateKey|addSecret|addStandingFacts|askForReaper|ensureEngine|knowWorkspaces|newHostKeys|new SopsValues|new World)\(/;
const alone = globSync(include, { cwd: import.meta.dirname }).filter((file) =>
  lasting.test(readFileSync(join(import.meta.dirname, file), "utf8")),
);

/**
 * `npm test`: the tests beside the code. Scenarios are started by the command line, which prepares the world first.
 *
 * Modules are evaluated once for all files: what each imports takes longer than most of its tests. A file that leaves
 * something behind has its own.
 */
export default defineConfig({
  test: {
    // A deadline for what hangs, not a measure: a machine that is busy with a cluster takes ten times as long.
    testTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "shared", include, exclude: alone, isolate: false } },
      { extends: true, test: { name: "isolated", include: alone } },
    ],
  },
});
