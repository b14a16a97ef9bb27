import { parseAllDocuments } from "yaml";
import type { z } from "zod";

/** The documents of a YAML file that have this form; none where it is no YAML, or one that would eat all memory. */
export function yamlObjects<T>(yaml: string, schema: z.ZodType<T>): T[] {
  try {
    return parseAllDocuments(yaml).flatMap((document) => schema.safeParse(document.toJS()).data ?? []);
  } catch {
    return [];
  }
}
