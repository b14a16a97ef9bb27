import { defineConfig } from "vitest/config";

/** `npm test`: the tests beside the code. Scenarios are started by the command line, which prepares the world first. */
export default defineConfig({
  test: {
    include: ["harness/**/*.test.ts", "fixtures/**/*.test.ts", "scenarios/**/*.test.ts"],
    testTimeout: 30_000,
  },
});
