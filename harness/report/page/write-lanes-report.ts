import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { redactIn } from "../redact-in.ts";
import type { RunResult } from "../result.ts";
import { writeRedacted } from "../run-directory.ts";
import { renderLanesPage } from "./lanes-page.ts";
import { readCoverage } from "./read-coverage.ts";
import { readEvidence } from "./read-evidence.ts";
import { reportFile } from "./write-report.ts";

/**
 * Writes the lanes as one page, `<dir>/report.html`; returns its path. What a lane's run has left in `<dir>/../<run>/` is
 * taken from there, and linked.
 */
export async function writeLanesReport(
  dir: string,
  lanes: readonly { name: string; result: RunResult | undefined }[],
): Promise<string> {
  const shown = await Promise.all(
    lanes.map(async ({ name, result }) => {
      if (!result) return { name, result, evidence: [], coverage: undefined };
      const run = join(dir, "..", basename(result.directory));
      const base = `${relative(dir, run)}/`;
      const page = existsSync(join(run, reportFile)) ? { page: `${base}${reportFile}` } : {};
      const evidence = redactIn(await readEvidence(join(run, "evidence")));
      return { name, result: redactIn(result), evidence, base, ...page, coverage: await readCoverage(run) };
    }),
  );
  // What all scenarios are to prove is the same for each lane.
  const coverage = shown.find((lane) => lane.coverage !== undefined)?.coverage ?? [];
  const file = join(dir, reportFile);
  await writeRedacted(file, await renderLanesPage(shown, redactIn(coverage)));
  return file;
}
