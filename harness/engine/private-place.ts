import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir, HarnessError } from "../base/index.ts";

/** Everything of the private engine: programs and data in the cache, sockets and pid where a reboot removes them. */
export type PrivatePlace = ReturnType<typeof privatePlace>;

/** One engine per cache directory; `runRoot` and `cache` are others in tests. */
export function privatePlace(runRoot = "/run/opencode-harness", cache = cacheDir()) {
  const dir = join(cache, "engine");
  // Socket paths must stay under 108 bytes however deep the cache lies.
  const runDir = join(runRoot, createHash("sha256").update(dir).digest("hex").slice(0, 12));
  return {
    dir,
    programs: join(dir, "programs"),
    dataRoot: join(dir, "data"),
    log: join(cache, "logs", "engine.log"),
    /** Held while the engine is started or stopped, and while somebody notes that he uses it. */
    lock: join(dir, "start.lock"),
    runDir,
    socket: join(runDir, "docker.sock"),
    pidFile: join(runDir, "docker.pid"),
    configFile: join(runDir, "daemon.json"),
    /** A file for each process that uses it. */
    users: join(runDir, "users"),
  };
}

export const privateEngineHost = ({ socket }: PrivatePlace = privatePlace()) => `unix://${socket}`;

/** The pid of our daemon; a stale pid file, or one whose number belongs to another program by now, counts as none. */
export async function runningPid({ pidFile, socket }: PrivatePlace): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile, "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return commandLine.includes(socket) ? pid : undefined;
}

/** It listens and does not answer: others may be using it, so it is for a person to end it. */
export function silentError(pid: number, why: string): HarnessError {
  return new HarnessError(`the private container engine, process ${pid}, runs and says nothing: ${why}`, {
    code: "environment",
    remedy: `Run the command again when the machine is less busy. If it stays so: kill -9 ${pid}; the next command starts it anew.`,
  });
}
