import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { checkoutDir } from "../../base/index.ts";
import { runResultSchema } from "../../report/index.ts";
import { scenarioCommand } from "../scenario.ts";
import type { Probe } from "./measure.ts";

const scenario = "persistence";
const name = `scenario ${scenario}, start to verdict and cleaned up`;

/** The scenario as a user runs it; a run that does not pass has no time worth reporting. */
export const scenarioRun: Probe = {
  title: `Scenario ${scenario}`,
  measures: [{ name, unit: "s", limit: 150, aim: 75 }],
  async run({ context, images }) {
    const dir = await mkdtemp(join(tmpdir(), "opencode-harness-bench-"));
    try {
      const json = join(dir, "result.json");
      const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
      await scenarioCommand({ ...context, stdout }, [scenario], {
        list: false,
        manifests: join(checkoutDir, "manifests"),
        images,
        store: "webhook",
        keep: "never",
        json,
      });
      const { status, ms } = runResultSchema.parse(JSON.parse(await readFile(json, "utf8")));
      return status === "passed" ? { [name]: ms / 1_000 } : {};
    } finally {
      await rm(dir, { recursive: true });
    }
  },
};
