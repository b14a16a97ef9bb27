import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { removeControlGroups } from "./control-groups.ts";
import { addresses, openWayOut } from "./way-out.ts";

/**
 * A machine inside of this machine, for what must believe that names of the internet lead to it: processes, a network and
 * mounts of its own, with other names and one more authority. Kernel and disk are this machine's. When its first process
 * ends, the kernel ends all others with it, and takes back network and mounts: so it goes however this process ends.
 */
export interface Scene extends AsyncDisposable {
  /** The program and arguments that run a command in it; in a folder of this machine, which is there too. */
  inside(command: readonly string[], cwd?: string): [string, string[]];
  /** Takes the way out away: from now on nothing in it reaches anything else. */
  cutOff(): Promise<void>;
}

/**
 * $1: the scene's folder. /etc is the machine's with a layer in memory over it. What of the machine's engines listens is
 * hidden with /run. `wait` takes in the processes whose parents have ended.
 */
const firstProcess = `
mount -t tmpfs tmpfs /run
mkdir /run/etc /run/work
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/work /etc
cat "$1/hosts" >> /etc/hosts
cat "$1/authority.crt" >> /etc/ssl/certs/ca-certificates.crt
rm -f /etc/resolv.conf
echo nameserver ${addresses.nameServer} > /etc/resolv.conf
echo ready
sleep infinity &
wait
`;

export interface SceneOptions {
  directory: string;
  /** Lead to the scene itself. */
  names: readonly string[];
  /** Trusted in it, beside what this machine trusts. */
  caPem: string;
  /** Closes it. */
  signal: AbortSignal;
}

/** Opens one, with a way out. Root only. */
export async function openScene(
  { directory, names, caPem, signal }: SceneOptions,
  openWay = openWayOut,
): Promise<Scene> {
  await writeFile(join(directory, "hosts"), `\n${addresses.own} ${names.join(" ")}\n`);
  await writeFile(join(directory, "authority.crt"), `\n${caPem}`);
  const namespaces = ["--mount", "--net", "--pid", "--mount-proc", "--fork", "--kill-child"];
  const outer = execa(
    "setpriv",
    ["--pdeathsig", "KILL", "unshare", ...namespaces, "sh", "-euc", firstProcess, "sh", directory],
    { stdio: ["ignore", "pipe", "pipe"], reject: false },
  );
  const ended = outer.then(({ stderr }) => Promise.reject(new Error(`no scene could be opened: ${stderr}`)));
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
    await removeControlGroups();
  };
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) await close();
  const wayOut = await openWay(pid, signal).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    inside: (command, cwd = "/") => ["nsenter", into(pid, cwd, command)],
    cutOff: wayOut.close,
    [Symbol.asyncDispose]: async () => {
      await wayOut.close();
      await close();
    },
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

async function childOf(pid: number): Promise<number> {
  return Number(await readFile(`/proc/${pid}/task/${pid}/children`, "utf8"));
}

/** Whoever enters other mounts stands at their root at first; and a signal for nsenter does not reach what it has started. */
function into(pid: number, cwd: string, command: readonly string[]): string[] {
  const there = ["setpriv", "--pdeathsig", "KILL", "sh", "-euc", 'cd "$0"; exec "$@"', cwd];
  return ["--target", `${pid}`, "--mount", "--net", "--pid", "--", ...there, ...command];
}
