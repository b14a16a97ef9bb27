import { join } from "node:path";
import { writeRedacted } from "../run-directory.ts";
import { readRun } from "./read-run.ts";
import { renderRunPage } from "./run-page.ts";

/** Name of the page within the directory of its run. */
export const reportFile = "report.html";

/** Writes the page of a run from what it has left in its directory; returns its path. */
export async function writeReport(directory: string): Promise<string> {
  const file = join(directory, reportFile);
  await writeRedacted(file, await renderRunPage(await readRun(directory)));
  return file;
}
