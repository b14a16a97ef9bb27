import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HarnessError } from "../base/index.ts";
import { type WorldDescriptor, worldDescriptor } from "./descriptor.ts";

const fileIn = (runDir: string) => join(runDir, "world.json");

/** For whoever goes on with the world; no secrets are in it. */
export async function storeDescriptor(runDir: string, descriptor: WorldDescriptor): Promise<void> {
  await writeFile(fileIn(runDir), `${JSON.stringify(descriptor, null, 2)}\n`);
}

/** @throws HarnessError `environment` where there is none that can be read */
export async function readDescriptor(runDir: string): Promise<WorldDescriptor> {
  const { success, data } = worldDescriptor.safeParse(
    JSON.parse(await readFile(fileIn(runDir), "utf8").catch(() => "null")),
  );
  if (success) return data;
  throw new HarnessError("the kept world was left by another version of the harness", {
    code: "environment",
    remedy: "npm run down removes it; leave out --reuse",
  });
}
