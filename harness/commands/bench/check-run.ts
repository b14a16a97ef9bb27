import { join } from "node:path";
import { execa } from "execa";
import { checkoutDir, HarnessError } from "../../base/index.ts";
import type { Probe } from "./measure.ts";

const name = "check of manifests/, from the command to its exit";

/** The check as a user runs it: a process of its own, which has nothing loaded. */
export const checkRun: Probe = {
  name: "check",
  title: "Check",
  measures: [{ name, unit: "s", limit: 5 }],
  async run({ context: { signal } }) {
    const startedAt = performance.now();
    const args = [
      join(checkoutDir, "harness/cli.ts"),
      "check",
      "--manifests",
      join(checkoutDir, "manifests"),
    ];
    const { exitCode, stderr } = await execa(process.execPath, args, { reject: false, cancelSignal: signal });
    signal.throwIfAborted();
    if (exitCode !== 0)
      throw new HarnessError(`the check of manifests/ ended with exit code ${exitCode}`, {
        code: "failed",
        remedy: "npm run check says what is wrong",
        details: stderr,
      });
    return { [name]: (performance.now() - startedAt) / 1_000 };
  },
};
