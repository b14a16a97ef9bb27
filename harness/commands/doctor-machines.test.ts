import { describe, expect, it } from "vitest";
import { canRun, examine } from "./doctor-checks.ts";
import type { Facts } from "./doctor-facts.ts";

/** A Linux machine with Docker and a registry, nothing prepared yet. */
const machine: Facts = {
  platform: "linux",
  architecture: "x64",
  nodeVersion: "24.21.0",
  git: "git version 2.51.0",
  go: undefined,
  pip: undefined,
  apt: undefined,
  engine: "unix:///var/run/docker.sock",
  engineTrouble: undefined,
  engineFacts: {
    kind: "Docker",
    version: "28.0.4",
    architecture: "x86_64",
    operatingSystem: "Ubuntu 24.04.3 LTS",
    isRootless: false,
    cgroups: "v2",
  },
  canRunPrivateEngine: false,
  isRoot: false,
  hasLoopDevices: true,
  cgroups: "v2",
  hasSysAdmin: false,
  cpus: 4,
  cache: "/home/me/.cache/opencode-harness",
  freeDiskBytes: 60e9,
  availableMemoryBytes: 14e9,
  hasRegistry: true,
  imagesPrepared: false,
  filtersBridges: true,
  inotify: { limit: 128, used: 5 },
};

const docker = (facts: Partial<NonNullable<Facts["engineFacts"]>>) =>
  ({
    ...machine.engineFacts,
    ...facts,
  }) as NonNullable<Facts["engineFacts"]>;

/** As GitHub documents its standard runner: 4 processors, 16 GB, 14 GB of disk free; modules as Docker 28 leaves them. */
const runner: Partial<Facts> = {
  apt: "apt 2.8.3",
  go: "go version go1.24.10 linux/amd64",
  pip: "pip 24.0",
  freeDiskBytes: 14e9,
  filtersBridges: false,
  inotify: { limit: 65_536, used: 40 },
};

/** A Mac with Apple's processor: what Linux has is in a virtual machine. */
const mac: Partial<Facts> = {
  platform: "darwin",
  architecture: "arm64",
  engine: "unix:///Users/me/.docker/run/docker.sock",
  engineFacts: docker({ architecture: "aarch64", operatingSystem: "Docker Desktop" }),
  hasLoopDevices: false,
  cgroups: undefined,
  filtersBridges: undefined,
  inotify: undefined,
};

const bareDebian: Partial<Facts> = {
  engine: undefined,
  engineFacts: undefined,
  canRunPrivateEngine: true,
  isRoot: true,
  hasSysAdmin: true,
  hasRegistry: false,
  apt: "apt 2.6.1",
  go: "go version go1.26.0 linux/amd64",
  filtersBridges: false,
};

describe("doctor", () => {
  it.each<[string, Partial<Facts>, string[]]>([
    ["ubuntu-latest, before br_netfilter is loaded", runner, ["bridge filter"]],
    ["ubuntu-latest, with it", { ...runner, filtersBridges: true }, []],
    [
      "Docker Desktop on Linux",
      {
        engineFacts: docker({ operatingSystem: "Docker Desktop" }),
        engine: "unix:///home/me/.docker/desktop/docker.sock",
        filtersBridges: false,
      },
      [],
    ],
    ["Docker Desktop on a Mac", mac, ["machine", "kind of engine"]],
    [
      "rootless Docker",
      { engine: "unix:///run/user/1000/docker.sock", engineFacts: docker({ isRootless: true }) },
      ["kind of engine"],
    ],
    [
      "an arm64 server",
      { architecture: "arm64", engineFacts: docker({ architecture: "aarch64" }) },
      ["machine", "kind of engine"],
    ],
    ["a server with cgroup v1", { cgroups: "v1", engineFacts: docker({ cgroups: "v1" }) }, []],
    ["Debian without an engine", bareDebian, []],
  ])("says what is missing on %s", (_what, facts, missing) => {
    const checks = examine({ ...machine, ...facts });
    const found = checks.filter(({ state }) => state === "missing").map(({ name }) => name);
    expect(found).toEqual(missing);
    expect(canRun(checks)).toBe(missing.length === 0);
  });
});
