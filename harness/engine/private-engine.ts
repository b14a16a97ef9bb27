import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rm, statfs, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { cacheDir, HarnessError, type Task } from "../base/index.ts";
import { loadBridgeFilter } from "./bridge-filter.ts";
import { daemonArguments, daemonEnvironment } from "./daemon-settings.ts";
import { enginePackages, readOsRelease, unpackDebianPackages } from "./debian-packages.ts";
import { type Engine, engineAt } from "./engine.ts";
import { answersPing } from "./ping.ts";
import { prepareNetwork, restoreNetwork } from "./private-network.ts";
import {
  type PrivatePlace,
  privateEngineHost,
  privatePlace,
  runningPid,
  silentError,
} from "./private-place.ts";

/** Of Debian's package lists, the packages of docker.io and what they unpack to. */
const neededBytes = 1e9;
/** How long one that starts, or runs and is slow, may take for its first answer. */
const answerDeadlineMs = 60_000;
/** How long a daemon that was only just started may take to end when it is asked to. */
const interruptedMs = 5_000;

/** Whether this machine can run an engine of our own at all. */
export async function canRunPrivateEngine(): Promise<boolean> {
  const { id } = await readOsRelease();
  return process.platform === "linux" && process.getuid?.() === 0 && ["debian", "ubuntu"].includes(id);
}

/**
 * Starts the engine of the cache directory, or takes it as it runs. It outlives this process, unless the signal is aborted
 * meanwhile: then what was begun is taken back. To be called under the lock of its place.
 * @throws HarnessError `environment` when it does not start, or runs and does not answer: others may be using it.
 */
export async function startPrivateEngine(
  task: Task,
  { signal, at = privatePlace(), deadlineMs = answerDeadlineMs, settings = {} }: StartOptions = {},
): Promise<Engine> {
  const engine = engineAt("private", privateEngineHost(at), join(at.programs, "usr/bin/docker"));
  await installPrograms(at, task, signal);
  if ((await answersPing(engine.host, 2_000)) || (await comesToAnswer(at, task, deadlineMs, signal)))
    return engine;
  await rm(at.pidFile, { force: true });
  // dockerd would wait ten seconds for the containerd of a killed predecessor.
  await rm(join(at.runDir, "exec/containerd/containerd.pid"), { force: true });
  task.update("starting dockerd");
  signal?.throwIfAborted();
  await startDaemon(at, settings, signal);
  return engine;
}

export interface StartOptions {
  signal?: AbortSignal | undefined;
  at?: PrivatePlace;
  deadlineMs?: number;
  /** As in dockerd's configuration file. */
  settings?: object;
}

async function installPrograms(
  { dir, programs }: PrivatePlace,
  task: Task,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (await arePrograms(programs)) return;
  await assertRoom();
  task.update("fetching docker.io from Debian");
  await unpackDebianPackages(enginePackages(await readOsRelease()), programs, join(dir, "apt"), signal);
}

/** A cache of an earlier version may lack what has been added since. */
async function arePrograms(programs: string): Promise<boolean> {
  if (!existsSync(join(programs, "usr/bin/docker"))) return false;
  if (["bin/ip", "usr/bin/ip"].some((path) => existsSync(join(programs, path)))) return true;
  return (await execa("ip", ["-Version"], { reject: false })).exitCode === 0;
}

/** On a full disk apt does not fail, it stands still. */
async function assertRoom(): Promise<void> {
  await mkdir(cacheDir(), { recursive: true });
  const { bavail, bsize } = await statfs(cacheDir());
  if (bavail * bsize >= neededBytes) return;
  throw new HarnessError(
    `the disk of ${cacheDir()} has ${Math.floor((bavail * bsize) / 1e6)} MB free, too little for a container engine`,
    {
      code: "environment",
      remedy:
        "Free 16 GB for the engine and its images, or set OPENCODE_HARNESS_CACHE to a folder on another disk.",
    },
  );
}

/** An engine that lives and is slow, or is still starting, is waited for: others may have work in it. False if none runs. */
async function comesToAnswer(
  at: PrivatePlace,
  task: Task,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const pid = await runningPid(at);
  if (pid === undefined) return false;
  task.update(`waiting for process ${pid}, the engine, to answer`);
  const isRunning = async () => (await runningPid(at)) === pid;
  const failure = await untilAnswering(at, { deadlineMs, signal, isRunning });
  signal?.throwIfAborted();
  if (failure !== undefined && (await isRunning())) throw silentError(pid, failure);
  return failure === undefined;
}

async function startDaemon(
  at: PrivatePlace,
  settings: object,
  signal: AbortSignal | undefined,
): Promise<void> {
  const environment = daemonEnvironment(at);
  await mkdir(cacheDir("logs"), { recursive: true });
  await mkdir(at.runDir, { recursive: true });
  await writeFile(at.configFile, JSON.stringify(settings));
  await linkIptables(at.programs);
  await loadBridgeFilter(environment);
  await prepareNetwork(environment);
  const log = await open(at.log, "a");
  const daemon = spawn(join(at.programs, "usr/sbin/dockerd"), daemonArguments(at), {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    env: environment,
  });
  const ended = new Promise<string>((resolve) => {
    daemon.on("error", (error) => resolve(error.message));
    daemon.on("exit", (code, signal) => resolve(`it ended with ${signal ?? code}`));
  });
  daemon.unref();
  await log.close();
  const failure = await Promise.race([ended, untilAnswering(at, { deadlineMs: answerDeadlineMs, signal })]);
  if (signal?.aborted) {
    daemon.kill("SIGTERM");
    await Promise.race([ended, sleep(interruptedMs)]);
    daemon.kill("SIGKILL");
    await removeTraces(at);
    throw signal.reason;
  }
  if (failure === undefined) return;
  throw new HarnessError(`the private container engine did not start: ${failure}`, {
    code: "environment",
    remedy: `Read ${at.log}; it needs root, overlayfs and cgroups. Or start Docker yourself.`,
    details: (await readFile(at.log, "utf8")).split("\n").slice(-12).join("\n"),
  });
}

interface Patience {
  deadlineMs: number;
  signal: AbortSignal | undefined;
  isRunning?: () => Promise<boolean>;
}

/** `undefined` once it answers or the signal is aborted, else why it does not. */
async function untilAnswering(
  at: PrivatePlace,
  { deadlineMs, signal, isRunning = async () => true }: Patience,
): Promise<string | undefined> {
  for (const deadline = performance.now() + deadlineMs; performance.now() < deadline; await sleep(50)) {
    const asking = answersPing(privateEngineHost(at), deadline - performance.now(), signal);
    const isOver = await asking.catch((error: unknown) => {
      if (signal?.aborted) return true;
      throw error;
    });
    if (isOver) return undefined;
    if (!(await isRunning())) return "it has ended";
  }
  return `no answer within ${deadlineMs / 1_000} s`;
}

/** The commands that update-alternatives would have made, had the package been installed; absent when the system has its own. */
async function linkIptables(programs: string): Promise<void> {
  const multi = join(programs, "usr/sbin/xtables-nft-multi");
  if (!existsSync(multi)) return;
  const dir = join(programs, "harness-bin");
  await mkdir(dir, { recursive: true });
  await rm(join(dir, "iptables"), { force: true });
  await symlink(multi, join(dir, "iptables"));
}

/** What the engine leaves behind outside of the cache. */
export async function removeTraces(at: PrivatePlace): Promise<void> {
  if (!existsSync(at.runDir)) return;
  await restoreNetwork(daemonEnvironment(at));
  await unmountAll([at.runDir, at.dataRoot]);
  await rm(at.runDir, { recursive: true, force: true });
}

/**
 * A container on the host's network leaves that mounted; an engine that was killed, or stopped while it was starting, all
 * that its containers saw, and its data.
 */
async function unmountAll(dirs: string[]): Promise<void> {
  const table = await readFile("/proc/self/mounts", "utf8").catch(() => "");
  const targets = table.split("\n").map((line) => unescaped(line.split(" ")[1] ?? ""));
  const ours = targets.filter((target) => dirs.some((dir) => `${target}/`.startsWith(`${dir}/`))).reverse();
  if (ours.length > 0) await execa("umount", ["--lazy", ...ours], { reject: false });
}

/** As the kernel writes blanks in a table of words. */
const unescaped = (path: string) =>
  path.replaceAll(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
