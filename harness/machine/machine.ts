import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { execa } from "execa";

/**
 * A machine inside of this machine: processes, a network and mounts of its own. Kernel and disk are this machine's. When its
 * first process ends, the kernel ends all others with it, and takes back network and mounts: so it goes however this
 * process ends.
 */
export interface Machine extends AsyncDisposable {
  /** Of its first process, as this machine numbers it. */
  readonly pid: number;
  /** The program and arguments that run a command in it; in a folder of this machine, which is there too. */
  inside(command: readonly string[], cwd?: string): [string, string[]];
}

export interface MachineOptions {
  /** What its first process does, in sh, before anything else may run in it. */
  setUp: string;
  /** $1 and so on in it. */
  args: readonly string[];
  /** Closes it. */
  signal: AbortSignal;
}

/** `wait` takes in the processes whose parents have ended. */
const stay = "\necho ready\nsleep infinity &\nwait\n";

/** Opens one, without a way out. Root only. */
export async function openMachine({ setUp, args, signal }: MachineOptions): Promise<Machine> {
  const namespaces = ["--mount", "--net", "--pid", "--mount-proc", "--fork", "--kill-child"];
  const shell = ["sh", "-euc", `${setUp}${stay}`, "sh", ...args];
  const outer = execa("setpriv", ["--pdeathsig", "KILL", "unshare", ...namespaces, ...shell], {
    stdio: ["ignore", "pipe", "pipe"],
    reject: false,
  });
  const ended = outer.then(({ stderr }) =>
    Promise.reject(new Error(`no machine could be opened: ${stderr}`)),
  );
  ended.catch(() => {});
  await Promise.race([once(outer.stdout, "data"), ended]);
  const pid = await childOf(outer.pid as number);
  let isOver = false;
  ended.catch(() => {
    isOver = true;
  });
  const close = async () => {
    if (!isOver) endIfRunning(pid); // by then its number may be another's
    await outer;
  };
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) await close();
  return {
    pid,
    inside: (command, cwd = "/") => ["nsenter", into(pid, cwd, command)],
    [Symbol.asyncDispose]: close,
  };
}

/** One that has ended and is not waited for yet takes the signal, too. */
function endIfRunning(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The one child of a process; NaN where it has none. */
export async function childOf(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return Number(children.trim().split(" ")[0] || Number.NaN);
}

/** Whoever enters other mounts stands at their root at first; and a signal for nsenter does not reach what it has started. */
function into(pid: number, cwd: string, command: readonly string[]): string[] {
  const there = ["setpriv", "--pdeathsig", "KILL", "sh", "-euc", 'cd "$0"; exec "$@"', cwd];
  return ["--target", `${pid}`, "--mount", "--net", "--pid", "--", ...there, ...command];
}
