import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { HarnessError } from "../base/index.ts";
import { reportFile, writeReport } from "../report/index.ts";
import type { CommandContext } from "./context.ts";

export interface ReportOptions {
  /** False: only say where the page is. */
  open: boolean;
}

/** `npm run report`: opens the page of a run, the last one if none is named. Returns the exit code. */
export async function reportCommand(
  context: CommandContext,
  run: string | undefined,
  { open }: ReportOptions,
): Promise<number> {
  const directory = await directoryOf(context.resultsDir, run);
  const there = join(directory, reportFile);
  const file = existsSync(there) ? there : await writeReport(directory);
  context.stdout.write(`${relative(process.cwd(), file)}\n${pathToFileURL(file)}\n`);
  if (open && canShow(context)) await context.rooms.openInBrowser(file);
  return 0;
}

/** Names of runs begin with their time, so that the last by name is the youngest. */
const runName = /^\d{8}-\d{4}-/;

async function directoryOf(resultsDir: string, run: string | undefined): Promise<string> {
  for (const named of run === undefined ? [] : [resolve(run), join(resultsDir, run)])
    if (hasPage(named)) return named;
  const names = await readdir(resultsDir).catch(() => []);
  const runs = names.filter((name) => runName.test(name) && hasPage(join(resultsDir, name))).sort();
  const last = runs.filter((name) => run === undefined || name.includes(run)).at(-1);
  if (last !== undefined) return join(resultsDir, last);
  if (run === undefined)
    throw new HarnessError("there is no run yet whose page could be opened", {
      code: "usage",
      remedy: "npm run scenario -- persistence makes one",
    });
  throw new HarnessError(`there is no run called ${run}`, {
    code: "usage",
    remedy: runs.length === 0 ? "there is no run at all yet" : `the last ones: ${runs.slice(-5).join(", ")}`,
  });
}

/** There is one, or what it is made of. */
function hasPage(directory: string): boolean {
  return [reportFile, "result.json"].some((name) => existsSync(join(directory, name)));
}

/** A window opens only for somebody who sits in front of it. */
function canShow({ stdout, env }: CommandContext): boolean {
  if (stdout.isTTY !== true || env.CI) return false;
  return (
    process.platform !== "linux" || [env.DISPLAY, env.WAYLAND_DISPLAY, env.WSL_DISTRO_NAME].some(Boolean)
  );
}
