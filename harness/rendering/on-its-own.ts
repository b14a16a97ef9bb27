import { readFile } from "node:fs/promises";
import { execa } from "execa";

/** Ten times what the largest home takes; a line of a template can ask for more than a machine has. */
const mostBytes = 2 ** 30;
/** Minutes on a machine that does much else; a template can also turn round for ever. */
const longestMs = 600_000;
const pageBytes = 4096;

export interface Ended {
  /** What it has printed; undefined where it has failed. */
  text?: string;
  /** Why it has failed, in its own words. */
  words: string;
}

/**
 * Runs helm or kubectl, which read what is anybody's: of our own variables they get none, they find no program to start, no
 * settings but in the directory, which is ours, and ask nobody on the network. (No proxy is asked for what is on this
 * machine; `confined.ts` sees to that.) One that takes too much of the machine is ended.
 */
export async function runOnItsOwn(
  program: string,
  args: readonly string[],
  directory: string,
  signal?: AbortSignal,
): Promise<Ended> {
  const running = execa(program, args, {
    cwd: directory,
    env: {
      HOME: directory,
      PATH: "",
      KUBERC: "off",
      HTTPS_PROXY: "http://127.0.0.1:9",
      HTTP_PROXY: "http://127.0.0.1:9",
      // Most end before there is anything worth collecting, and what is collected costs a third of their time.
      GOGC: "off",
      GOMEMLIMIT: `${mostBytes / 2 ** 21}MiB`,
    },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    timeout: longestMs,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  let isTooLarge = false;
  const watch = setInterval(async () => {
    if ((await residentBytes(running.pid)) < mostBytes) return;
    isTooLarge = true;
    running.kill("SIGKILL");
  }, 200);
  const result = await running;
  clearInterval(watch);
  signal?.throwIfAborted();
  if (!result.failed) return { text: result.stdout, words: "" };
  if (isTooLarge) return { words: `it takes more than ${mostBytes / 2 ** 30} GiB of memory` };
  if (result.timedOut) return { words: `it takes longer than ${longestMs / 60_000} minutes` };
  return { words: (result.stderr || result.shortMessage || "").trim() };
}

/** Of memory that it really has; 0 where that cannot be seen, or it is gone. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
  return Number(statm.split(" ")[1] ?? 0) * pageBytes;
}
