import { relative } from "node:path";
import { z } from "zod";
import { checkoutDir, type ManifestPlace, redact } from "../base/index.ts";
import { byName, type Failure, type WhereIs, whereOf } from "../report/index.ts";

const text = z.string().optional().catch(undefined);

/** An error as vitest hands it over from the worker: plain JSON with the fields of HarnessError still on it. */
const workerErrorSchema = z.object({
  message: z.string().catch("failed without a message"),
  details: text,
  remedy: text,
  diff: text,
  look: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string().optional(),
        field: z.array(z.union([z.string(), z.number()])).optional(),
        words: z.array(z.string()).optional(),
      }),
    )
    .optional()
    .catch(undefined),
  code: z.enum(["usage", "environment", "failed", "interrupted"]).optional().catch(undefined),
  stacks: z
    .array(z.object({ file: z.string(), line: z.number() }))
    .optional()
    .catch(undefined),
});

/**
 * What the reader needs of a failed test: message, remedy, where to look, the diff or the details, and the scenario's
 * line. The tree under test is known to the main process, which tells the places with `whereIs`.
 */
export function failureOfTest(error: unknown, whereIs: WhereIs = byName): Failure {
  const { message, details, remedy, diff, look, code, stacks } = workerErrorSchema.parse(error);
  const frame = stacks?.find(({ file }) => file.endsWith(".scenario.ts"));
  const below = details ?? diff;
  // Of the manifests there is nothing to say where the surroundings have failed.
  const where = look !== undefined || code !== "environment" ? whereIs(placesOf(look ?? [])) : [];
  return {
    message: redact(message),
    ...(below === undefined ? {} : { details: redact(below) }),
    ...(remedy === undefined ? {} : { remedy: redact(remedy) }),
    ...(where.length > 0 ? whereOf(where) : {}),
    ...(frame === undefined ? {} : { at: `${relative(checkoutDir, frame.file)}:${frame.line}` }),
    ...(code === undefined ? {} : { code }),
  };
}

function placesOf(look: NonNullable<z.infer<typeof workerErrorSchema>["look"]>): ManifestPlace[] {
  return look.map(({ kind, name, field, words }) => ({
    kind,
    ...(name === undefined ? {} : { name }),
    ...(field === undefined ? {} : { field }),
    ...(words === undefined ? {} : { words }),
  }));
}
