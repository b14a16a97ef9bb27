import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HarnessError } from "../base/index.ts";

/** What a browser needs to visit the workspaces of a kept cluster; no secret stands in it. */
const openAccess = z.object({
  runId: z.string(),
  /** PEM file of the run's CA. */
  caFile: z.string(),
  /** The image of the browser, in the engine. */
  browserImage: z.string(),
  workspaces: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      host: z.string(),
      address: z.string(),
      port: z.number(),
      passwordFile: z.string(),
    }),
  ),
});
export type OpenAccess = z.infer<typeof openAccess>;

/** Goes with the keys to the cluster. */
const fileIn = (runDir: string) => join(runDir, "access", "open.json");

export async function storeOpenAccess(runDir: string, access: OpenAccess): Promise<void> {
  await writeFile(fileIn(runDir), JSON.stringify(access), { mode: 0o600 });
}

/**
 * That of the cluster which was left running last, and its run's directory.
 * @throws HarnessError `environment` when there is none.
 */
export async function newestOpenAccess(resultsDir: string): Promise<{ access: OpenAccess; runDir: string }> {
  const runs = await readdir(resultsDir).catch(() => []);
  const found = await Promise.all(
    runs.map(async (run) => {
      const runDir = join(resultsDir, run);
      const at = (await stat(fileIn(runDir)).catch(() => undefined))?.mtimeMs;
      return at === undefined ? [] : [{ runDir, at }];
    }),
  );
  const newest = found.flat().sort((a, b) => b.at - a.at)[0];
  if (newest === undefined) {
    throw new HarnessError("no cluster with workspaces is running", {
      code: "environment",
      remedy: "npm run up leaves one; npm run up -- --open shows it at once",
    });
  }
  const access = openAccess.parse(JSON.parse(await readFile(fileIn(newest.runDir), "utf8")));
  return { access, runDir: newest.runDir };
}
