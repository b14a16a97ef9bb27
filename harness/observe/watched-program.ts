import { spawn } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { endGroup, HarnessError } from "../base/index.ts";
import { readAll, type Source } from "./place.ts";

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
 * temporary files), even if only for a moment. What lies there at the start is its input. An abort ends it with all of
 * its children: when this throws, nobody writes into the directory any more.
 */
export async function runWatched(
  name: string,
  command: { file: string; args: string[]; directory: string; env: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<WatchedRun> {
  const { file, args, directory, env } = command;
  const watch = await ProgramWatch.before(name, directory);
  signal.throwIfAborted();
  // A group of its own, so that what a script has started ends with it.
  const child = spawn(file, args, { cwd: directory, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let ending: Promise<void> | undefined;
  const end = () => {
    ending = endGroup(child.pid);
  };
  signal.addEventListener("abort", end, { once: true });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  let isRunning = true;
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  }).finally(() => {
    isRunning = false;
  });
  const watching = (async () => {
    while (isRunning) {
      await watch.look(child.pid ?? 0);
      await delay(lookEveryMs);
    }
    await watch.look(child.pid ?? 0); // what it left
  })();
  const [exitCode] = await Promise.all([ended, watching]).finally(async () => {
    signal.removeEventListener("abort", end);
    await ending;
  });
  signal.throwIfAborted();
  const told = (await output).join("");
  return { exitCode, output: told, shown: watch.with(told) };
}

/** What has been seen of a program. */
class ProgramWatch {
  readonly #name: string;
  readonly #directory: string;
  /** Times of the files that were there before. */
  readonly #inputs: ReadonlyMap<string, number>;
  readonly #seen = new Map<string, { name: string; content: Buffer }>();
  #hasSeenProcess = false;

  private constructor(name: string, directory: string, inputs: ReadonlyMap<string, number>) {
    this.#name = name;
    this.#directory = directory;
    this.#inputs = inputs;
  }

  static async before(name: string, directory: string): Promise<ProgramWatch> {
    const inputs = (await filesIn(directory)).map(({ path, changedAt }) => [path, changedAt] as const);
    return new ProgramWatch(name, directory, new Map(inputs));
  }

  async look(pid: number): Promise<void> {
    for (const one of await withChildren(pid)) await this.#lookAtProcess(one);
    for (const { path, changedAt } of await filesIn(this.#directory)) {
      if (this.#inputs.get(path) === changedAt) continue;
      const name = `file ${path.slice(this.#directory.length + 1)}, written by ${this.#name},`;
      this.#seen.set(`${path} ${changedAt}`, { name, content: await read(path) });
    }
  }

  async #lookAtProcess(pid: number): Promise<void> {
    const files = [
      ["command line", "cmdline"],
      ["environment", "environ"],
    ] as const;
    for (const [what, file] of files) {
      const content = await read(`/proc/${pid}/${file}`);
      if (content.length === 0) continue;
      this.#hasSeenProcess = true;
      const name = `the ${what} of a process of ${this.#name}`;
      this.#seen.set(`${pid} ${file} ${content.toString("latin1")}`, { name, content });
    }
  }

  /** All of it, and the output. */
  with(output: string): Source {
    if (!this.#hasSeenProcess) {
      throw new HarnessError(`no process of ${this.#name} could be watched: /proc tells nothing of it`, {
        code: "environment",
      });
    }
    return async (_cluster, open) => {
      readAll(open, { name: `the output of ${this.#name}`, remedy }, output);
      for (const { name, content } of this.#seen.values()) readAll(open, { name, remedy }, content);
    };
  }
}

const remedy =
  "let the value travel from file to program through standard input: no argument, no variable, no copy, and send what the program prints to /dev/null (pitfall 10)";

/** Empty where it is gone again. */
const read = (path: string): Promise<Buffer> => readFile(path).catch(() => Buffer.alloc(0));

async function withChildren(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const pids = children.split(" ").filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(pids.map(withChildren))).flat()];
}

async function filesIn(directory: string): Promise<{ path: string; changedAt: number }[]> {
  // A folder may go while it is read; the next look sees the others.
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (path) => ({ path, changedAt: (await stat(path).catch(() => undefined))?.mtimeMs })),
  );
  return found.flatMap(({ path, changedAt }) => (changedAt === undefined ? [] : [{ path, changedAt }]));
}
