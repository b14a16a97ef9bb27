import { join } from "node:path";
import { z } from "zod";
import { readJson } from "./read-json.ts";
import type { CoveredClaim } from "./run-page-data.ts";

const claims = z.array(
  z.object({
    kind: z.string(),
    what: z.string(),
    coveredBy: z.array(z.string()),
    part: z.string().optional(),
  }),
);

/** coverage.json of a run; undefined where it has none. */
export function readCoverage(directory: string): Promise<CoveredClaim[] | undefined> {
  return readJson(join(directory, "coverage.json"), claims);
}
