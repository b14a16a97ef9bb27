import { existsSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { availableParallelism, freemem } from "node:os";
import { dirname } from "node:path";
import { execa } from "execa";
import { cacheDir, HarnessError, messageOf } from "../base/index.ts";
import {
  canRunPrivateEngine,
  type EngineFacts,
  engineFacts,
  filtersBridges,
  findSystemEngine,
} from "../engine/index.ts";
import { type InotifyInstances, inotifyInstances } from "./inotify.ts";

/** What was found on this machine; see doctor-checks.ts for what it means. */
export interface Facts {
  platform: NodeJS.Platform;
  /** As Node.js has it: x64, arm64. */
  architecture: string;
  nodeVersion: string;
  git: string | undefined;
  go: string | undefined;
  pip: string | undefined;
  apt: string | undefined;
  /** Address of a container engine that answers. */
  engine: string | undefined;
  /** What that engine says of itself. */
  engineFacts: EngineFacts | undefined;
  /** Why none is chosen though one is named, or there. */
  engineTrouble: { message: string; remedy: string } | undefined;
  canRunPrivateEngine: boolean;
  isRoot: boolean;
  hasLoopDevices: boolean;
  /** As mounted; undefined where there are none (not Linux). */
  cgroups: "v1" | "v2" | undefined;
  /** The capability without which no privileged container starts. */
  hasSysAdmin: boolean;
  /** Processors that this process may use. */
  cpus: number;
  cache: string;
  freeDiskBytes: number;
  availableMemoryBytes: number;
  hasRegistry: boolean;
  imagesPrepared: boolean;
  /** Of this machine's kernel; undefined where that is not the engine's. */
  filtersBridges: boolean | undefined;
  /** Undefined where there is no such limit. */
  inotify: InotifyInstances | undefined;
}

const capSysAdmin = 21n;
/** A person waits. */
const engineTimeoutMs = 10_000;

/** Looks, changes nothing, starts nothing; the network is asked once, for 3 s at most. */
export async function gatherFacts(imagesPrepared: () => Promise<boolean>): Promise<Facts> {
  const [
    git,
    go,
    pip,
    apt,
    { engine, engineTrouble },
    privateEngine,
    sysAdmin,
    freeDiskBytes,
    registry,
    prepared,
  ] = await Promise.all([
    firstLineOf("git", "--version"),
    firstLineOf("go", "version"),
    firstLineOf("pip3", "--version"),
    firstLineOf("apt-get", "--version"),
    chosenEngine(),
    canRunPrivateEngine(),
    hasCapability(capSysAdmin),
    freeDisk(cacheDir()),
    answersAsRegistry("https://ghcr.io/v2/"),
    imagesPrepared(),
  ]);
  return {
    platform: process.platform,
    architecture: process.arch,
    nodeVersion: process.versions.node,
    git,
    go,
    pip,
    apt,
    engine,
    engineFacts: engine === undefined ? undefined : await engineFacts(engine),
    engineTrouble,
    canRunPrivateEngine: privateEngine,
    isRoot: process.getuid?.() === 0,
    hasLoopDevices: existsSync("/dev/loop-control"),
    cgroups: cgroupVersion(),
    hasSysAdmin: sysAdmin,
    cpus: availableParallelism(),
    cache: cacheDir(),
    freeDiskBytes,
    availableMemoryBytes: freemem(),
    hasRegistry: registry,
    imagesPrepared: prepared,
    filtersBridges: await filtersBridges(),
    inotify: await inotifyInstances(),
  };
}

async function chosenEngine(): Promise<Pick<Facts, "engine" | "engineTrouble">> {
  try {
    return { engine: await findSystemEngine(AbortSignal.timeout(engineTimeoutMs)), engineTrouble: undefined };
  } catch (error) {
    const remedy = error instanceof HarnessError ? (error.remedy ?? "") : "look at it, or unset DOCKER_HOST";
    return { engine: undefined, engineTrouble: { message: messageOf(error), remedy } };
  }
}

async function firstLineOf(command: string, ...args: string[]): Promise<string | undefined> {
  const { stdout, failed } = await execa(command, args, { reject: false, timeout: 10_000 });
  return failed ? undefined : stdout.split("\n", 1)[0];
}

async function hasCapability(bit: bigint): Promise<boolean> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
  return ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n;
}

async function freeDisk(dir: string): Promise<number> {
  const existing = existsSync(dir) ? dir : undefined;
  if (existing === undefined) return freeDisk(dirname(dir));
  const { bavail, bsize } = await statfs(existing);
  return bavail * bsize;
}

function cgroupVersion(): Facts["cgroups"] {
  if (existsSync("/sys/fs/cgroup/cgroup.controllers")) return "v2";
  return existsSync("/sys/fs/cgroup/memory") ? "v1" : undefined;
}

/** Any answer over HTTP will do: 401 is what a registry says to a stranger. */
async function answersAsRegistry(url: string): Promise<boolean> {
  try {
    const { headers } = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    return headers.has("docker-distribution-api-version") || headers.has("www-authenticate");
  } catch {
    return false;
  }
}
