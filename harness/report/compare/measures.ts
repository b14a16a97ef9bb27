import { z } from "zod";

export const measureSchema = z.object({
  id: z.string(),
  /** For a reader: "persistence: after the pod is deleted, …". */
  what: z.string(),
  kind: z.enum(["time", "memory", "count"]).describe("milliseconds, bytes, a number of times"),
  /** What it belongs to: the heading that it stands under. */
  group: z.enum(["steps", "moves", "streams", "memory", "restarts", "clones"]),
  value: z.number(),
});
/** One figure of one run. */
export type Measure = z.infer<typeof measureSchema>;

export const runMeasuresSchema = z.object({
  runId: z.string(),
  /** How each scenario and each of its steps ended, by `scenario` or `scenario: step`. */
  statuses: z.record(z.string(), z.string()),
  measures: z.array(measureSchema),
  /** Records in DNS at the end, as lines; missing where nobody could say. */
  records: z.array(z.string()).optional(),
});
/** All of one run that another can be compared with. */
export type RunMeasures = z.infer<typeof runMeasuresSchema>;
