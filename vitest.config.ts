import { defineConfig } from "vitest/config";

/** `npm test`: the tests beside the code. Scenarios are started by the command line, which prepares the world first. */
export default defineConfig({
  test: {
    include: ["harness/**/*.test.ts", "fixtures/**/*.test.ts", "scenarios/**/*.test.ts"],
    // A deadline for what hangs, not a measure: a machine that is busy with a cluster takes ten times as long.
    testTimeout: 120_000,
  },
});
