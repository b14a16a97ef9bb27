import { z } from "zod";

const excerptSchema = z.object({
  where: z.string().describe("the entry of `where` that it belongs to"),
  file: z.string(),
  line: z.number().describe("the line that is meant, counted from 1"),
  firstLine: z.number(),
  lines: z.array(z.string()),
});

/** Why a step failed. */
export const failureSchema = z.object({
  message: z.string().describe("one sentence: what was expected and what was seen"),
  details: z.string().optional().describe("the last lines of a log, a diff, the object as last seen"),
  remedy: z.string().optional().describe("what to do about it"),
  where: z.array(z.string()).optional().describe("file:line (object, field) of the manifests to look at"),
  excerpts: z.array(excerptSchema).optional().describe("the lines around the first of these places"),
  at: z.string().optional().describe("file:line of the scenario"),
  code: z.enum(["usage", "environment", "failed", "interrupted"]).optional(),
});

export const stepSchema = z.object({
  title: z.string(),
  status: z
    .enum(["passed", "failed", "skipped", "not applicable"])
    .describe("not applicable: the tree has nothing that this step could look at"),
  ms: z.number().describe("milliseconds"),
  why: z.string().optional().describe("why it is not applicable"),
  failure: failureSchema.optional(),
});

export const scenarioResultSchema = z.object({
  name: z.string(),
  title: z.string(),
  status: z
    .enum(["passed", "failed", "not applicable"])
    .describe("not applicable: none of its steps is, so it has proved nothing"),
  ms: z.number().describe("milliseconds, without the start of the world"),
  steps: z.array(stepSchema),
  failure: failureSchema.optional().describe("a failure outside of every step: the file, the world"),
});

export const mutantResultSchema = z.object({
  scenario: z.string(),
  mutant: z.string(),
  title: z.string(),
  pitfall: z.number().optional().describe("the pitfall that it falls into"),
  outcome: z
    .enum(["caught", "missed", "caught for the wrong reason", "not applicable"])
    .describe("not applicable: the tree has nothing to make this edit of, so nothing was run"),
  why: z.string(),
  ms: z.number(),
});

/** results/<run>/result.json: one run of a command, as `--json` also gives it. */
export const runResultSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  command: z.enum(["scenario", "mutants"]),
  status: z
    .enum(["passed", "failed", "error", "interrupted", "not applicable"])
    .describe("not applicable: no scenario of the run is"),
  exitCode: z.number(),
  startedAt: z.iso.datetime(),
  ms: z.number().describe("milliseconds from the command's start to its verdict, cleaned up"),
  options: z.object({
    manifests: z.string(),
    images: z.string(),
    store: z.string(),
    keep: z.string(),
    mutant: z.string().optional(),
  }),
  tree: z.object({ published: z.string(), applied: z.string() }).optional(),
  scenarios: z.array(scenarioResultSchema),
  mutants: z.array(mutantResultSchema),
  fidelity: z.number().describe("entries of fidelity.json"),
  egress: z
    .object({
      asked: z
        .number()
        .describe(
          "who asked for which name outside of the cluster: entries of egress.json, of all worlds of the run",
        ),
      unanswered: z.number().describe("of these, names that nobody answers for"),
      refused: z
        .number()
        .optional()
        .describe("who asked for which address outside, without a name: entries of egress.json too"),
    })
    .optional()
    .describe("missing where nobody could say"),
  home: z
    .object({
      leftOut: z.number().describe("Kustomizations of the home that no workspace needs"),
      kept: z.number().describe("files of the tree in whose place the home has its own"),
      blind: z
        .array(z.string())
        .describe("what cannot be noticed, since no outside.yaml says what no Git holds"),
    })
    .optional()
    .describe("what home.json says in full; missing where no world has come to it"),
  checkErrors: z
    .array(z.string())
    .optional()
    .describe(
      "errors that the check finds in the tree, although a cluster can be started with it; file:line first",
    ),
  error: failureSchema.optional().describe("what stopped the run outside of the scenarios"),
  kept: z.string().optional().describe("the command that re-enters the kept cluster"),
  directory: z.string(),
});

export type Failure = z.infer<typeof failureSchema>;
export type StepResult = z.infer<typeof stepSchema>;
export type ScenarioResult = z.infer<typeof scenarioResultSchema>;
export type MutantResult = z.infer<typeof mutantResultSchema>;
export type RunResult = z.infer<typeof runResultSchema>;
