import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { checkoutDir, scratchDirectory } from "../../base/index.ts";
import { type RunResult, runResultSchema } from "../../report/index.ts";
import type { CommandContext } from "../context.ts";
import type { WorldChoices } from "../world-run.ts";
import type { ProbeInput } from "./measure.ts";

type Run = (context: CommandContext, options: WorldChoices & { json: string }) => Promise<number>;

/** Runs a command of runs (`scenario`, `mutants`) on manifests/ as a user does, without its output; returns its result. */
export async function quietRun({ context, images }: ProbeInput, run: Run): Promise<RunResult> {
  const dir = await scratchDirectory("bench");
  try {
    const json = join(dir, "result.json");
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
    const manifests = join(checkoutDir, "manifests");
    await run({ ...context, stdout }, { manifests, images, store: "webhook", keep: "never", json });
    return runResultSchema.parse(JSON.parse(await readFile(json, "utf8")));
  } finally {
    await rm(dir, { recursive: true });
  }
}
