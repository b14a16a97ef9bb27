import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runResultSchema } from "../report/index.ts";
import type { Lane } from "./lane-summary.ts";

/** Reads `<dir>/<name>/result.json` of each lane, in the order of the names. */
export async function readLanes(dir: string, names: readonly string[]): Promise<Lane[]> {
  return Promise.all(
    names.map(async (name) => ({ name, result: await readResult(join(dir, name, "result.json")) })),
  );
}

/** A file that is half written is as good as none: the lane was killed. */
async function readResult(file: string): Promise<Lane["result"]> {
  try {
    return runResultSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}
