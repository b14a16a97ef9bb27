import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, readFile, statfs } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { ExecaError, execa, type Options } from "execa";
import { cacheDir, HarnessError } from "../base/index.ts";

const shownLines = 12;
/** Below this a failure is the full disk's, whatever the command said. */
const fullDiskBytes = 64 * 1024 * 1024;

/** Runs the commands of one component: all that they print goes to one file, its last line to `onLine`. */
export class CommandLog implements AsyncDisposable {
  readonly #stream: WriteStream;
  readonly #onLine: (line: string) => void;

  private constructor(stream: WriteStream, onLine: (line: string) => void) {
    this.#stream = stream;
    this.#onLine = onLine;
    // On a full disk the log ends; what the command itself says of it is told, and the rest of the world goes on.
    stream.on("error", () => {});
  }

  static async open(name: string, onLine: (line: string) => void): Promise<CommandLog> {
    await mkdir(dirname(pathOf(name)), { recursive: true });
    const stream = createWriteStream(pathOf(name));
    await once(stream, "open");
    return new CommandLog(stream, onLine);
  }

  async run(command: string, args: readonly string[], options: Options = {}): Promise<void> {
    this.#stream.write(`$ ${[command, ...args].join(" ")}\n`);
    const child = execa(command, args, { stdin: "ignore", ...options, buffer: false, reject: true });
    for (const output of [child.stdout, child.stderr]) {
      output?.on("data", (chunk: Buffer) => {
        this.#stream.write(chunk);
        const line = chunk.toString().trimEnd().split("\n").at(-1)?.trim();
        if (line) this.#onLine(line.slice(0, 100));
      });
    }
    await child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stream.closed) return;
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    this.#stream.once("close", resolve).end();
    await closed;
  }
}

/** What the reader is told when this component failed with `error`; its log has been closed. */
export async function explainFailure(name: string, error: unknown): Promise<HarnessError> {
  if (error instanceof HarnessError) return error;
  const free = await freeBytes().catch(() => 0);
  const log = await readFile(pathOf(name), "utf8").catch(() => "");
  const details = { code: "environment", details: lastLines(log, error), cause: error } as const;
  if (free < fullDiskBytes) {
    return new HarnessError(`the disk of ${cacheDir()} is full; ${name} could not be prepared`, {
      ...details,
      remedy:
        "Free some space, or set OPENCODE_HARNESS_CACHE to a folder on another disk; finished parts are kept.",
    });
  }
  return new HarnessError(`${name} could not be prepared: ${reasonOf(error)}`, {
    ...details,
    remedy: `The full log is ${pathOf(name)}. Run the command again to resume; finished parts are kept.`,
  });
}

const pathOf = (name: string) => cacheDir("logs", `${name.replaceAll(/[^\w.-]+/g, "-")}.log`);

function reasonOf(error: unknown): string {
  if (!(error instanceof ExecaError)) return error instanceof Error ? error.message : String(error);
  const how = error.signal ?? (error.exitCode === undefined ? error.code : `exit code ${error.exitCode}`);
  // The program and its subcommand: `docker push`, `go build`; the rest is in the log.
  const [program = "", subcommand = ""] = error.command.split(" ");
  const words = /^[a-z]+$/.test(subcommand) ? [basename(program), subcommand] : [basename(program)];
  return `${words.join(" ")} ended with ${how}`;
}

function lastLines(log: string, error: unknown): string {
  const lines = log.trimEnd().split("\n").slice(-shownLines);
  return lines.join("\n") || String(error);
}

/** Free bytes on the disk of the cache. */
export async function freeBytes(): Promise<number> {
  await mkdir(cacheDir(), { recursive: true });
  const { bavail, bsize } = await statfs(cacheDir());
  return bavail * bsize;
}
