import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";

/** More than any run has to say. */
const limitBytes = 16 * 1024 * 1024;

/**
 * What a job has left in an artifact, that may be anybody's. A file that is half written is as good as none: the job was
 * killed. So is one that leads elsewhere.
 */
export async function readStored<T extends z.ZodType>(
  dir: string,
  path: string,
  schema: T,
): Promise<z.infer<T> | undefined> {
  try {
    if ((await realpath(join(dir, path))) !== join(await realpath(dir), path)) return undefined;
    await using file = await open(join(dir, path), constants.O_RDONLY | constants.O_NOFOLLOW);
    const { size } = await file.stat();
    if (size > limitBytes) return undefined;
    return schema.parse(JSON.parse(await file.readFile("utf8")));
  } catch {
    return undefined;
  }
}
