import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { redactIn } from "../redact-in.ts";
import type { RunResult } from "../result.ts";
import { writeRedacted } from "../run-directory.ts";
import { renderLanesPage } from "./lanes-page.ts";
import { readCoverage } from "./read-coverage.ts";
import { readEvidence } from "./read-evidence.ts";
import { reportFile } from "./report-file.ts";

/** A lane as its page is made of it. */
export interface LaneToShow {
  name: string;
  result: RunResult | undefined;
  /** Why what it left is not believed. */
  doubt?: string;
  /** Its folder below the directory of all; the directory of its run stands two above, beside `lanes/`. */
  folder: string;
}

/**
 * Writes the lanes as one page, `<dir>/report.html`; returns its path. What a lane's run has left is taken from its own
 * folder, and linked.
 */
export async function writeLanesReport(dir: string, lanes: readonly LaneToShow[]): Promise<string> {
  const shown = await Promise.all(
    lanes.map(async ({ name, result, doubt, folder }) => {
      const run = result && (await runOf(dir, folder, result));
      const lane = { name, result: redactIn(result), ...(doubt === undefined ? {} : { doubt }) };
      if (run === undefined) return { ...lane, evidence: [], coverage: undefined };
      const base = `${relative(dir, run)}/`;
      const page = existsSync(join(run, reportFile)) ? { page: `${base}${reportFile}` } : {};
      const evidence = redactIn(await readEvidence(run));
      return { ...lane, evidence, base, ...page, coverage: await readCoverage(run) };
    }),
  );
  // What all scenarios are to prove is the same for each lane.
  const coverage = shown.find((lane) => lane.coverage !== undefined)?.coverage ?? [];
  const file = join(dir, reportFile);
  await writeRedacted(file, await renderLanesPage(shown, redactIn(coverage)));
  return file;
}

/** The directory of the lane's run; undefined where there is none, or where its name leads elsewhere. */
async function runOf(dir: string, folder: string, { directory }: RunResult): Promise<string | undefined> {
  const name = basename(directory);
  if (!/^\d{8}-\d{4}-[\w.-]+$/.test(name)) return undefined;
  const results = join(dir, folder, "..", "..");
  const run = join(results, name);
  try {
    return (await realpath(run)) === join(await realpath(results), name) ? run : undefined;
  } catch {
    return undefined;
  }
}
