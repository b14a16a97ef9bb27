import { z } from "zod";
import { measureSchema } from "./measures.ts";

const sideSchema = z.object({
  /** For a reader: a ref, or "the working tree". */
  name: z.string(),
  commit: z.string().optional(),
  /** Of its runs, below results/. */
  runs: z.array(z.string()),
  /** Why not all scenarios have had their turn on this tree, in a sentence; its figures are not compared then. */
  stopped: z.string().optional(),
});

/** "passed", "failed or passed", "not run". */
const endSchema = z.string().regex(/^[a-z]+(?: [a-z]+)*$/);

const differenceSchema = measureSchema.omit({ value: true, id: true }).extend({
  base: z.number().optional().describe("the median of its runs; missing where only the other side has it"),
  head: z.number().optional(),
  noise: z.number().describe("what runs of one tree differ by"),
  isBeyondNoise: z.boolean(),
});

/** results/<run>/compare.json */
export const comparisonSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  startedAt: z.iso.datetime(),
  ms: z.number(),
  base: sideSchema,
  head: sideSchema,
  isSameTree: z.boolean(),
  objects: z
    .array(
      z.object({
        what: z.enum(["added", "removed", "changed"]),
        kind: z.string(),
        namespace: z.string().optional(),
        name: z.string(),
      }),
    )
    .describe("what Flux and Helm apply otherwise"),
  statuses: z
    .array(z.object({ what: z.string(), base: endSchema, head: endSchema }))
    .describe("of scenarios and steps that ended otherwise, or that did not always end alike"),
  differences: z.array(differenceSchema),
  records: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  noise: z.object({ runs: z.number(), time: z.number(), memory: z.number() }),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type Difference = z.infer<typeof differenceSchema>;
