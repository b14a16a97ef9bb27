import type { RunMeasures } from "./measures.ts";
import { measuresOfRun } from "./measures-of-run.ts";

/** The figures of the run that left its files in this directory. Loads what reads them only now. */
export async function readMeasures(directory: string): Promise<RunMeasures> {
  const { readRun } = await import("../page/read-run.ts");
  return measuresOfRun(await readRun(directory));
}
