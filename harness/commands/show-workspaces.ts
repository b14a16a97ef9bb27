import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { labelsOf, networkNameOf, type Progress } from "../base/index.ts";
import { ensureEngine } from "../engine/index.ts";
import { findBrowser, hasDisplay, openWindow, takePictures } from "../internet/index.ts";
import { newestOpenAccess, type OpenAccess } from "../world/index.ts";
import { chosen } from "./chosen-workspaces.ts";

export interface ShowOptions {
  resultsDir: string;
  /** Of workspaces; all if empty. */
  names: string[];
  env: NodeJS.ProcessEnv;
  progress: Progress;
  signal: AbortSignal;
}

/** Windows that are open, or pictures that were taken. Disposing closes what is open. */
export interface Shown extends AsyncDisposable {
  /** What a person is to be told. */
  told: string;
  /** Resolves when nothing is open any more. */
  closed: Promise<void>;
}

interface Show extends ShowOptions {
  access: OpenAccess;
  workspaces: OpenAccess["workspaces"];
  runDir: string;
}

/** Shows workspaces of the cluster that was left running last: in windows where there is a screen, else in pictures. */
export async function showWorkspaces(options: ShowOptions): Promise<Shown> {
  const { access, runDir } = await newestOpenAccess(options.resultsDir);
  const workspaces = chosen(access.workspaces, options.names);
  await ensureEngine(options.progress, options.signal);
  const show = { ...options, access, workspaces, runDir };
  const browser = findBrowser(options.env.PATH);
  if (browser === undefined) return inPictures(show, "no browser of Chromium's kind is on the path");
  return hasDisplay(options.env) ? inWindows(show, browser) : inPictures(show, "there is no display");
}

async function inWindows(
  { access, workspaces, runDir, env, progress }: Show,
  browser: string,
): Promise<Shown> {
  const { caFile, browserImage: image, runId } = access;
  const common = { browser, caFile, image, labels: labelsOf(runId), directory: join(runDir, "access"), env };
  await using opened = new AsyncDisposableStack();
  const closed: Promise<void>[] = [];
  for (const visit of workspaces) {
    const window = await progress.task(`window of ${visit.name}`, () => openWindow({ ...common, visit }));
    closed.push(opened.use(window).closed);
  }
  const all = opened.move();
  const urls = workspaces.map(({ url }) => url).join(" and ");
  return {
    told: `${urls} in ${browser}, with a profile that trusts this cluster only and goes with its window. Close it, or press Ctrl-C.`,
    closed: Promise.all(closed).then(() => undefined),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function inPictures(
  { access, workspaces, runDir, progress, signal }: Show,
  why: string,
): Promise<Shown> {
  const visits = workspaces.map((one) => ({ ...one, picture: join(runDir, "pictures", `${one.name}.png`) }));
  const caPem = await readFile(access.caFile, "utf8");
  const browser = {
    image: access.browserImage,
    network: networkNameOf(access.runId),
    labels: labelsOf(access.runId),
    caPem,
    interrupted: signal,
  };
  await progress.task("pictures of the workspaces", () => takePictures({ ...browser, visits }));
  const files = visits.map(({ picture }) => `  ${picture}`);
  return {
    told: [`No window can be opened here: ${why}. What a browser shows:`, ...files].join("\n"),
    closed: Promise.resolve(),
    async [Symbol.asyncDispose]() {},
  };
}
