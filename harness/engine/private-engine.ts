import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rm, statfs, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { cacheDir, HarnessError, type Task } from "../base/index.ts";
import { enginePackages, readOsRelease, unpackDebianPackages } from "./debian-packages.ts";
import { type Engine, engineAt } from "./engine.ts";
import { answersPing } from "./ping.ts";

/** Of Debian's package lists, the packages of docker.io and what they unpack to. */
const neededBytes = 1e9;
const startDeadlineMs = 60_000;
const stopDeadlineMs = 30_000;
/** How long a daemon that was only just started may take to end when it is asked to. */
const interruptedMs = 5_000;

/** Everything of the private engine: programs and data in the cache, sockets and pid where a reboot removes them. */
function layout() {
  const dir = cacheDir("engine");
  // Socket paths must stay under 108 bytes however deep the cache lies; one engine per cache directory.
  const runDir = join("/run/opencode-harness", createHash("sha256").update(dir).digest("hex").slice(0, 12));
  return {
    dir,
    programs: join(dir, "programs"),
    dataRoot: join(dir, "data"),
    log: cacheDir("logs", "engine.log"),
    runDir,
    socket: join(runDir, "docker.sock"),
    pidFile: join(runDir, "docker.pid"),
    bridgeMark: join(runDir, "bridge-is-ours"),
  };
}

/** Whether this machine can run an engine of our own at all. */
export async function canRunPrivateEngine(): Promise<boolean> {
  const { id } = await readOsRelease();
  return process.platform === "linux" && process.getuid?.() === 0 && ["debian", "ubuntu"].includes(id);
}

export const privateEngineHost = () => `unix://${layout().socket}`;

/**
 * Starts the engine of the cache directory, or takes it as it runs. It outlives this process, unless the signal is aborted
 * meanwhile: then what was begun is taken back.
 */
export async function startPrivateEngine(task: Pick<Task, "update">, signal?: AbortSignal): Promise<Engine> {
  const at = layout();
  const engine = engineAt("private", privateEngineHost(), join(at.programs, "usr/bin/docker"));
  await installPrograms(task, signal);
  if (await answersPing(engine.host)) return engine;
  await killIfRunning("SIGKILL");
  await rm(at.pidFile, { force: true });
  // dockerd would wait ten seconds for the containerd of a killed predecessor.
  await rm(join(at.runDir, "exec/containerd/containerd.pid"), { force: true });
  task.update("starting dockerd");
  signal?.throwIfAborted();
  await startDaemon(signal);
  return engine;
}

async function installPrograms(task: Pick<Task, "update">, signal: AbortSignal | undefined): Promise<void> {
  const { dir, programs } = layout();
  if (existsSync(join(programs, "usr/bin/docker"))) return;
  await assertRoom();
  task.update("fetching docker.io from Debian");
  await unpackDebianPackages(enginePackages(await readOsRelease()), programs, join(dir, "apt"), signal);
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

async function startDaemon(signal: AbortSignal | undefined): Promise<void> {
  const at = layout();
  await mkdir(cacheDir("logs"), { recursive: true });
  await mkdir(at.runDir, { recursive: true });
  await linkIptables(at.programs);
  if (!existsSync("/sys/class/net/docker0")) await writeFile(at.bridgeMark, "");
  const args = [
    ["--data-root", at.dataRoot],
    ["--exec-root", join(at.runDir, "exec")],
    ["--host", `unix://${at.socket}`],
    ["--pidfile", at.pidFile],
    ["--log-level", "warn"],
    ["--userland-proxy-path", join(at.programs, "usr/sbin/docker-proxy")],
  ].flat();
  const log = await open(at.log, "a");
  const daemon = spawn(join(at.programs, "usr/sbin/dockerd"), args, {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    env: { ...process.env, ...daemonEnvironment(at.programs) },
  });
  const ended = new Promise<string>((resolve) => {
    daemon.on("error", (error) => resolve(error.message));
    daemon.on("exit", (code, signal) => resolve(`it ended with ${signal ?? code}`));
  });
  daemon.unref();
  await log.close();
  const failure = await Promise.race([ended, untilAnswering(`unix://${at.socket}`, signal)]);
  if (signal?.aborted) {
    daemon.kill("SIGTERM");
    await Promise.race([ended, sleep(interruptedMs)]);
    daemon.kill("SIGKILL");
    await removeTraces();
    throw signal.reason;
  }
  if (failure === undefined) return;
  throw new HarnessError(`the private container engine did not start: ${failure}`, {
    code: "environment",
    remedy: `Read ${at.log}; it needs root, overlayfs, cgroups and iptables. Or start Docker yourself.`,
    details: (await readFile(at.log, "utf8")).split("\n").slice(-12).join("\n"),
  });
}

/** `undefined` once it answers, else why not. */
async function untilAnswering(host: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  for (const deadline = Date.now() + startDeadlineMs; Date.now() < deadline; await sleep(50)) {
    if (signal?.aborted || (await answersPing(host, 1_000))) return undefined;
  }
  return `no answer within ${startDeadlineMs / 1_000} s`;
}

function daemonEnvironment(programs: string): NodeJS.ProcessEnv {
  const libraries = join(
    programs,
    "usr/lib",
    process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu",
  );
  const own = ["harness-bin", "usr/sbin", "usr/bin", "sbin", "bin"].map((dir) => join(programs, dir));
  return {
    PATH: [...own, process.env.PATH, "/usr/sbin", "/sbin"].join(":"),
    LD_LIBRARY_PATH: `${libraries}:${libraries.replace("/usr/lib/", "/lib/")}`,
    XTABLES_LIBDIR: existsSync(join(libraries, "xtables")) ? join(libraries, "xtables") : undefined,
  };
}

/** For the private engine's programs, which a machine without an engine of its own has nowhere else. */
export function programsEnvironment(): NodeJS.ProcessEnv {
  const { programs } = layout();
  return existsSync(programs) ? daemonEnvironment(programs) : {};
}

/** The commands that update-alternatives would have made, had the package been installed; absent when the system has its own. */
async function linkIptables(programs: string): Promise<void> {
  const multi = join(programs, "usr/sbin/xtables-nft-multi");
  if (!existsSync(multi)) return;
  const dir = join(programs, "harness-bin");
  await mkdir(dir, { recursive: true });
  for (const name of ["iptables", "ip6tables"].flatMap((tool) => [tool, `${tool}-save`, `${tool}-restore`])) {
    await rm(join(dir, name), { force: true });
    await symlink(multi, join(dir, name));
  }
}

/** Stops the private engine with everything that runs in it; says whether there was one. Its images stay. */
export async function stopPrivateEngine(): Promise<boolean> {
  const pid = await runningPid();
  if (pid === undefined) return false;
  process.kill(pid, "SIGTERM");
  for (const deadline = Date.now() + stopDeadlineMs; (await runningPid()) !== undefined; await sleep(50)) {
    if (Date.now() > deadline) await killIfRunning("SIGKILL");
  }
  await removeTraces();
  return true;
}

/** dockerd leaves its bridge behind; "as before" includes the network interfaces. */
async function removeTraces(): Promise<void> {
  const { bridgeMark, runDir } = layout();
  if (existsSync(bridgeMark)) await execa("ip", ["link", "delete", "docker0"], { reject: false });
  await rm(runDir, { recursive: true, force: true });
}

/** The pid of our daemon; a stale pid file, or one whose number belongs to another program by now, counts as none. */
async function runningPid(): Promise<number | undefined> {
  const { pidFile, socket } = layout();
  const pid = Number(await readFile(pidFile, "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return commandLine.includes(socket) ? pid : undefined;
}

async function killIfRunning(signal: NodeJS.Signals): Promise<void> {
  const pid = await runningPid();
  if (pid === undefined) return;
  process.kill(pid, signal);
  while ((await runningPid()) !== undefined) await sleep(50);
}
