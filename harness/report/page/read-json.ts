import { readFile } from "node:fs/promises";
import type { z } from "zod";

/** A file of a run; undefined where it is missing, half written, or of another form. */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}
