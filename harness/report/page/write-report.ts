import { join } from "node:path";
import { writeRedacted } from "../run-directory.ts";
import { reportFile } from "./report-file.ts";
import type { writeLanesReport as writeLanes } from "./write-lanes-report.ts";

/** Writes the page of a run from what it has left in its directory; returns its path. Loads what renders it only now. */
export async function writeReport(directory: string): Promise<string> {
  const file = join(directory, reportFile);
  await writeRedacted(file, await pageOf(directory));
  return file;
}

async function pageOf(directory: string): Promise<string> {
  const { readComparison, renderComparisonPage } = await import("./comparison-page.ts");
  const comparison = await readComparison(directory);
  if (comparison) return renderComparisonPage(comparison);
  const [{ readRun }, { renderRunPage }] = await Promise.all([
    import("./read-run.ts"),
    import("./run-page.ts"),
  ]);
  return renderRunPage(await readRun(directory));
}

/** Writes the page of all lanes; see write-lanes-report.ts. */
export const writeLanesReport: typeof writeLanes = async (...lanes) =>
  (await import("./write-lanes-report.ts")).writeLanesReport(...lanes);
