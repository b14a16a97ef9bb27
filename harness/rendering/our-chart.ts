import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isCompared, servedVersions, versionFor } from "../../fixtures/charts/app-template/versions.ts";
import { writeChart } from "../../fixtures/charts/app-template/write-chart.ts";

/** Our own chart lacks what the tree asks of app-template: nothing is said about the tree. */
export class ChartCannot extends Error {}

/**
 * Our chart as the version of app-template that a release asks for (a tag, or a range), written below `directory`.
 *
 * @throws ChartCannot where it cannot be that version
 */
export async function ourChart(asked: string | undefined, directory: string): Promise<string> {
  const version = versionFor(asked);
  if (version === undefined) {
    const [first, last] = [servedVersions[0], servedVersions.at(-1)];
    throw new ChartCannot(`our chart cannot be app-template ${asked}: it is served as ${first} to ${last}`);
  }
  const chart = join(directory, "chart");
  await mkdir(chart);
  await writeChart(version, chart);
  return chart;
}

/**
 * What a refusal of our chart says: about the values, where the real chart of that version would refuse them as well,
 * and about our chart, where nobody knows what it lacks or where a template calls a helper that only the real one has.
 */
export function refusal(words: string, asked: string | undefined): Error {
  const version = versionFor(asked) ?? "";
  const isByUs = /no template "bjw-s\./.test(words) || !isCompared(version);
  return isByUs
    ? new ChartCannot(`our chart cannot render this as app-template ${version}: ${words}`)
    : new Error(words);
}
