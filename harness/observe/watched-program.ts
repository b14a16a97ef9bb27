import { spawn } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { type Place, readAll, type Source } from "./place.ts";

export interface WatchedRun {
  exitCode: number | null;
  /** Both streams. */
  output: string;
  /** Reads what the program showed: its output, the command line and environment of every process, the files it left. */
  shown: Source;
}

/** Between two looks at the processes and files; a program that asks a network lives longer. */
const lookEveryMs = 20;

/**
 * Runs a program of this machine and watches it as somebody on the same machine could: output, the command line and
 * environment of each of its processes, and what it writes into its own directory (its home and its directory for
 * temporary files), even if only for a moment. What lies there at the start is its input.
 */
export async function runWatched(
  name: string,
  command: { file: string; args: string[]; directory: string; env: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<WatchedRun> {
  const { file, args, directory, env } = command;
  const seen = new Map<string, { place: Pick<Place, "name">; content: Buffer }>();
  const inputs = new Map((await filesIn(directory)).map(({ path, changedAt }) => [path, changedAt]));
  const child = spawn(file, args, { cwd: directory, env, signal, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const look = async () => {
    for (const pid of await withChildren(child.pid ?? 0)) await lookAt(pid);
    for (const { path, changedAt } of await filesIn(directory)) {
      if (inputs.get(path) === changedAt) continue;
      const content = await readFile(path).catch(() => Buffer.alloc(0));
      seen.set(`${path} ${changedAt}`, {
        place: { name: `file ${path.slice(directory.length + 1)}, written by ${name},` },
        content,
      });
    }
  };
  const lookAt = async (pid: number) => {
    for (const [what, file] of [
      ["command line", "cmdline"],
      ["environment", "environ"],
    ] as const) {
      const content = await readFile(`/proc/${pid}/${file}`).catch(() => Buffer.alloc(0));
      const place = { name: `the ${what} of a process of ${name}` };
      if (content.length > 0) seen.set(`${pid} ${file} ${content.toString("latin1")}`, { place, content });
    }
  };
  let isRunning = true;
  const watching = (async () => {
    while (isRunning) {
      await look();
      await delay(lookEveryMs);
    }
    await look(); // what it left
  })();
  const exitCode = await ended.finally(() => {
    isRunning = false;
  });
  await watching;
  const told = (await output).join("");
  const remedy =
    "let the value travel from file to program through standard input: no argument, no variable, no copy, and send what the program prints to /dev/null (pitfall 10)";
  const shown: Source = async (_cluster, open) => {
    readAll(open, { name: `the output of ${name}`, remedy }, told);
    for (const { place, content } of seen.values()) readAll(open, { ...place, remedy }, content);
  };
  return { exitCode, output: told, shown };
}

async function withChildren(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const pids = children.split(" ").filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(pids.map(withChildren))).flat()];
}

async function filesIn(directory: string): Promise<{ path: string; changedAt: number }[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (path) => ({ path, changedAt: (await stat(path).catch(() => undefined))?.mtimeMs })),
  );
  return found.flatMap(({ path, changedAt }) => (changedAt === undefined ? [] : [{ path, changedAt }]));
}
