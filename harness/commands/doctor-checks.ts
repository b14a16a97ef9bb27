import { formatBytes } from "../report/index.ts";
import { bridgeCheck } from "./doctor-bridges.ts";
import type { Check } from "./doctor-check.ts";
import { kindChecks } from "./doctor-engine.ts";
import type { Facts } from "./doctor-facts.ts";
import { instancesPerCluster } from "./inotify.ts";
import { wantedMemory } from "./memory.ts";

const GB = 1_000_000_000;
/** As harness/images asks for: build caches, roots, images, volumes. */
const diskBytes = 16 * GB;
/** Images as they are pulled, their copy in the mirror, one run: nothing is compiled. */
const pullDiskBytes = 10 * GB;
/** Once the images are there. */
const warmDiskBytes = 5 * GB;
/** What every time in the scenarios was measured with. */
const cpus = 2;

/** What the facts mean for a scenario, one line each. */
export function examine(facts: Facts): Check[] {
  const isLinux = facts.platform === "linux";
  const mustBuild = !facts.imagesPrepared && !facts.hasRegistry;
  const disk = facts.imagesPrepared ? warmDiskBytes : mustBuild ? diskBytes : pullDiskBytes;
  const tool = (name: string, found: string | undefined, remedy: string) =>
    check(name, found !== undefined, found ?? "not found", remedy, mustBuild);
  return [
    check(
      "Node.js",
      major(facts.nodeVersion) >= 24,
      facts.nodeVersion,
      "npm ci brings Node 24 for the npm scripts",
    ),
    check("git", facts.git !== undefined, facts.git ?? "not found", "install git"),
    engineCheck(facts),
    ...kindChecks(facts),
    check(
      "root",
      facts.isRoot,
      facts.isRoot ? "yes" : "no",
      "only the private engine needs it: start Docker, or run as root",
      facts.engine === undefined,
    ),
    check(
      "privileged containers",
      !isLinux || !facts.isRoot || facts.hasSysAdmin,
      isLinux && facts.isRoot && !facts.hasSysAdmin ? "CAP_SYS_ADMIN is missing" : "not ruled out",
      "run on a machine, or in a container, with --privileged",
    ),
    check(
      "loop devices",
      !isLinux || facts.hasLoopDevices,
      isLinux ? (facts.hasLoopDevices ? "/dev/loop-control" : "no /dev/loop-control") : "the engine's",
      "modprobe loop",
    ),
    check(
      "cgroups",
      !isLinux || facts.cgroups !== undefined,
      isLinux ? (facts.cgroups ?? "not mounted") : "the engine's",
      "mount cgroups at /sys/fs/cgroup",
    ),
    bridgeCheck(facts),
    check(
      "CPU",
      facts.cpus >= cpus,
      `${facts.cpus} usable, ${cpus} wanted`,
      "use a larger machine, or give the container more: with less, scenarios run into their deadlines",
    ),
    check(
      "memory",
      facts.availableMemoryBytes >= wantedMemory,
      `${formatBytes(facts.availableMemoryBytes)} available, ${formatBytes(wantedMemory)} wanted`,
      "close other programs, or use a larger machine",
    ),
    check(
      "disk",
      facts.freeDiskBytes >= disk,
      `${formatBytes(facts.freeDiskBytes)} free at ${facts.cache}, ${formatBytes(disk)} wanted`,
      "make room, or set OPENCODE_HARNESS_CACHE to a directory on a larger disk",
    ),
    check(
      "inotify instances",
      !facts.inotify || facts.inotify.limit - facts.inotify.used >= instancesPerCluster,
      facts.inotify
        ? `${facts.inotify.used} of ${facts.inotify.limit} in use, ${instancesPerCluster} wanted for each cluster`
        : "no limit here",
      "sysctl fs.inotify.max_user_instances=1024, or stop what uses them: other clusters do",
    ),
    check(
      "images",
      facts.imagesPrepared,
      facts.imagesPrepared ? "prepared" : "not prepared yet",
      "npm run images (a scenario does it too)",
      false,
    ),
    check(
      "registry",
      facts.hasRegistry,
      facts.hasRegistry ? "ghcr.io answers" : "ghcr.io does not answer",
      "without it images are built from packages",
      false,
    ),
    tool(
      "Go",
      facts.go,
      "install Go 1.25 or newer: images are built from Go modules where no registry answers",
    ),
    check(
      "pip",
      facts.pip !== undefined,
      facts.pip ?? "not found",
      "none needed: Debian's is fetched for Envoy",
      false,
    ),
    tool("apt", facts.apt, "use Debian or Ubuntu, or a machine that reaches a registry"),
  ];
}

/** A scenario could run: nothing that it needs is missing. */
export function canRun(checks: Check[]): boolean {
  return checks.every(({ state }) => state !== "missing");
}

function engineCheck(facts: Facts): Check {
  if (facts.engine !== undefined) return { name: "container engine", state: "ok", found: facts.engine };
  if (facts.engineTrouble)
    return check("container engine", false, facts.engineTrouble.message, facts.engineTrouble.remedy);
  return check(
    "container engine",
    facts.canRunPrivateEngine,
    facts.canRunPrivateEngine ? "none answers; the harness starts its own" : "none answers",
    "start Docker, or run as root on Debian or Ubuntu",
  );
}

function check(name: string, isThere: boolean, found: string, remedy: string, isNeeded = true): Check {
  if (isThere) return { name, state: "ok", found };
  return { name, state: isNeeded ? "missing" : "absent", found, remedy };
}

function major(version: string): number {
  return Number.parseInt(version, 10);
}
