import { existsSync } from "node:fs";
import { join } from "node:path";
import { outputOf } from "./build-missing.ts";
import { keysOf } from "./keys.ts";
import { opencodeProgram } from "./recipes/downloads.ts";

/** The real OpenCode that an image was made of, for tests that run it here; undefined where none has been prepared. */
export async function preparedOpenCode(): Promise<string | undefined> {
  const key = (await keysOf([opencodeProgram])).get(opencodeProgram.name) ?? "";
  const path = join(outputOf(opencodeProgram, key), "bin/opencode");
  return existsSync(path) ? path : undefined;
}
