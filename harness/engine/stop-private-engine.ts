import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { dockerAt } from "./docker-api.ts";
import { otherUsers } from "./engine-users.ts";
import { type LockOptions, withLock } from "./lock.ts";
import { askEngine } from "./ping.ts";
import { removeTraces } from "./private-engine.ts";
import {
  type PrivatePlace,
  privateEngineHost,
  privatePlace,
  runningPid,
  silentError,
} from "./private-place.ts";

/** How long dockerd may take to end its containers and itself. */
const stopDeadlineMs = 30_000;

export interface Stopped {
  state: "stopped" | "not running" | "in use";
  /** Who uses it, in words: other processes of the harness, and whatever container runs in it. */
  by: string[];
}

/**
 * Stops the private engine, unless somebody uses it. Its images stay; the machine is as before it was started.
 * @throws HarnessError `environment` when it runs and does not say whether somebody uses it
 */
export async function stopPrivateEngine(
  options: LockOptions = {},
  at: PrivatePlace = privatePlace(),
): Promise<Stopped> {
  if (!existsSync(at.runDir)) return { state: "not running", by: [] };
  // Nobody starts to use it meanwhile.
  return withLock(at.lock, () => stopUnused(at, options.signal), options);
}

async function stopUnused(at: PrivatePlace, signal: AbortSignal | undefined): Promise<Stopped> {
  const pid = await runningPid(at);
  if (pid !== undefined) {
    const by = [...(await otherUsers(at.users)), ...(await runningContainers(at, pid, signal))];
    if (by.length > 0) return { state: "in use", by };
    process.kill(pid, "SIGTERM");
    await untilEnded(at, pid, signal);
  }
  await removeTraces(at);
  return { state: pid === undefined ? "not running" : "stopped", by: [] };
}

async function runningContainers(
  at: PrivatePlace,
  pid: number,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const host = privateEngineHost(at);
  const answer = await askEngine(host, undefined, signal);
  if (answer !== "answers") throw silentError(pid, answer);
  const containers = await dockerAt(host).listContainers();
  return containers.map(({ Id, Names }) => `container ${Names[0]?.slice(1) ?? Id.slice(0, 12)}`);
}

async function untilEnded(at: PrivatePlace, pid: number, signal: AbortSignal | undefined): Promise<void> {
  for (const deadline = performance.now() + stopDeadlineMs; (await runningPid(at)) === pid; await sleep(50)) {
    signal?.throwIfAborted();
    if (performance.now() > deadline) process.kill(pid, "SIGKILL");
  }
}
