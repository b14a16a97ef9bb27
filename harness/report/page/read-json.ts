import type { z } from "zod";
import { plainText } from "./plain-file.ts";

/** A file of a run; undefined where it is missing, half written, or of another form. */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await plainText(file)));
  } catch {
    return undefined;
  }
}
