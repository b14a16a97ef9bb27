import { relative } from "node:path";
import { z } from "zod";
import { checkoutDir, redact } from "../base/index.ts";
import type { Failure } from "../report/index.ts";

const text = z.string().optional().catch(undefined);

/** An error as vitest hands it over from the worker: plain JSON with the fields of HarnessError still on it. */
const workerErrorSchema = z.object({
  message: z.string().catch("failed without a message"),
  details: text,
  remedy: text,
  diff: text,
  code: z.enum(["usage", "environment", "failed", "interrupted"]).optional().catch(undefined),
  stacks: z
    .array(z.object({ file: z.string(), line: z.number() }))
    .optional()
    .catch(undefined),
});

/** What the reader needs of a failed test: message, remedy, the diff or the details, and the scenario's line. */
export function failureOfTest(error: unknown): Failure {
  const { message, details, remedy, diff, code, stacks } = workerErrorSchema.parse(error);
  const frame = stacks?.find(({ file }) => file.endsWith(".scenario.ts"));
  const below = details ?? diff;
  return {
    message: redact(message),
    ...(below === undefined ? {} : { details: redact(below) }),
    ...(remedy === undefined ? {} : { remedy: redact(remedy) }),
    ...(frame === undefined ? {} : { at: `${relative(checkoutDir, frame.file)}:${frame.line}` }),
    ...(code === undefined ? {} : { code }),
  };
}
