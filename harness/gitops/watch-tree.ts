import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, readFile, readlink, realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { FSWatcher } from "chokidar";
import { homeAround } from "./home-around.ts";

/** How long nothing more must happen before a save counts as whole: an editor writes a file in several steps. */
const quietMs = 120;

/** What editors leave beside a file while it is open. */
const isOfAnEditor = /^(\.|4913$|#)|(~|\.sw[a-z]|\.tmp|\.bak)$/;

/**
 * Calls back for each save below `manifests`, and of these other files, that has changed a content; with the time (since
 * the epoch) at which it was noticed first. Resolves once it watches.
 */
export async function watchTree(
  { manifests, others = [] }: { manifests: string; others?: readonly string[] },
  onSave: (at: number) => void,
): Promise<AsyncDisposable> {
  const { watch } = await import("chokidar");
  const { root } = await homeAround(manifests);
  const usual = [join(root, "kubernetes"), join(root, "scripts")];
  const roots = [...(existsSync(join(root, "kubernetes")) ? usual : [root]), ...(await real(others))].map(
    (path) => resolve(path),
  );
  const watcher = watch(roots, {
    ignored: (path) => !roots.includes(path) && isOfAnEditor.test(basename(path)),
    ignoreInitial: true,
    // A link of anybody's may lead to the whole of this machine.
    followSymlinks: false,
  });
  await new Promise<void>((ready, fail) => watcher.once("ready", ready).once("error", fail));
  const contents = await contentsOf(filesOf(watcher));
  const touched = new Set<string>();
  let firstAt = 0;
  let quiet: NodeJS.Timeout | undefined;

  async function settle(): Promise<void> {
    const [paths, at] = [[...touched], firstAt];
    touched.clear();
    const now = await contentsOf(paths);
    const changed = paths.filter((path) => now.get(path) !== contents.get(path));
    for (const path of changed) contents.set(path, now.get(path));
    if (changed.length > 0) onSave(at);
  }

  watcher.on("all", (event, path) => {
    if (event === "addDir" || event === "unlinkDir") return;
    if (touched.size === 0) firstAt = Date.now();
    touched.add(path);
    clearTimeout(quiet);
    quiet = setTimeout(() => void settle(), quietMs);
  });
  return {
    async [Symbol.asyncDispose]() {
      clearTimeout(quiet);
      await watcher.close();
    },
  };
}

/** A device or a pipe has no end. */
async function contentOf(path: string): Promise<Buffer | string | undefined> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return readlink(path);
  return found.isFile() ? readFile(path) : undefined;
}

/** What a person has named may be a link: its end is what is saved. */
const real = (paths: readonly string[]): Promise<string[]> =>
  Promise.all(paths.map((path) => realpath(path).catch(() => path)));

function filesOf(watcher: FSWatcher): string[] {
  return Object.entries(watcher.getWatched()).flatMap(([directory, names]) =>
    names.map((name) => join(directory, name)),
  );
}

/** Digest by path; undefined for what is no file, and for what is gone. Of a link, where it leads. */
async function contentsOf(paths: readonly string[]): Promise<Map<string, string | undefined>> {
  const digests = paths.map(async (path): Promise<[string, string | undefined]> => {
    const content = await contentOf(path).catch(() => undefined);
    return [path, content && createHash("sha256").update(content).digest("hex")];
  });
  return new Map(await Promise.all(digests));
}
