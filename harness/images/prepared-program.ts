import { existsSync } from "node:fs";
import { join } from "node:path";
import { outputOf } from "./build-missing.ts";
import { keysOf } from "./keys.ts";
import { opencodeForPersons } from "./recipes/downloads.ts";

/** The real OpenCode of the operator's image, for tests that run it here; undefined where none has been prepared. */
export async function preparedOpenCode(): Promise<string | undefined> {
  const key = (await keysOf([opencodeForPersons])).get(opencodeForPersons.name) ?? "";
  const path = join(outputOf(opencodeForPersons, key), "bin/opencode");
  return existsSync(path) ? path : undefined;
}
