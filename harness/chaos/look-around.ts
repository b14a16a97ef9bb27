import { globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { dockerAt, privateEnvironment } from "../engine/index.ts";
import type { Thing } from "./things.ts";

export interface Where {
  /** Addresses of engines that answer. */
  engines: readonly string[];
  /** Folders whose whole content counts. */
  folders: readonly string[];
  /** Folder with runs' results, of which keys count. */
  results: string;
  /** Our own disk images are in there. */
  disks: string;
  /** Folder with the caches of the commands. */
  caches: string;
}

/** All that is on this machine, seen from inside of it, as far as a command of the harness could have put it there. */
export async function lookAround({ engines, folders, results, disks, caches }: Where): Promise<Thing[]> {
  const inEngines = await Promise.all(engines.map(thingsInEngine));
  return [
    ...processes(),
    ...mounts(),
    ...links(),
    ...(await rules()),
    setting("/proc/sys/net/ipv4/ip_forward"),
    ...folders.flatMap((folder) => below(folder, "file")).filter(({ name }) => !expected.test(name)),
    ...below(results, "key on a disk").filter(({ name }) => name.includes("/access/")),
    ...inCaches(caches),
    ...loopDevices(disks),
    ...inEngines.flat(),
  ];
}

/** What a running engine changes all the time: its folder counts as a whole. */
const expected = /\/exec\//;

/** But this one. What has ended and is not buried yet does nothing any more. */
function processes(): Thing[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const words = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim().slice(0, 160);
      return words === "" ? [] : [{ kind: "process", name: `${pid} ${words}`, state: "" } as const];
    });
}

function mounts(): Thing[] {
  const lines = read("/proc/self/mounts").trim().split("\n");
  return lines.map((line) => ({ kind: "mount", name: line.split(" ").slice(0, 3).join(" "), state: "" }));
}

function links(): Thing[] {
  const lines = read("/proc/self/net/dev").split("\n").slice(2);
  return lines.flatMap((line) => {
    const name = line.split(":")[0]?.trim() ?? "";
    return name === "" ? [] : [{ kind: "network link", name, state: "" } as const];
  });
}

/** None where there is no iptables. */
async function rules(): Promise<Thing[]> {
  const options = { env: privateEnvironment(), reject: false } as const;
  const ours = await execa("xtables-nft-multi", ["iptables-save"], options);
  const { stdout = "" } = ours.exitCode === 0 ? ours : await execa("iptables-save", options);
  const lines = stdout.split("\n").filter((line) => line.startsWith("-A"));
  return lines.map((line, index) => ({
    kind: "firewall rule",
    name: `${line}${lines.indexOf(line) === index ? "" : ` (${index})`}`,
    state: "",
  }));
}

const setting = (name: string): Thing => ({ kind: "setting", name, state: read(name).trim() });

/** A folder's time says only that something was there for a moment. */
function below(folder: string, kind: "file" | "key on a disk"): Thing[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.map((entry) => {
    const name = join(entry.parentPath, entry.name);
    const stat = entry.isFile() ? statSync(name, { throwIfNoEntry: false }) : undefined;
    return {
      kind,
      name,
      state: stat === undefined ? "" : `${stat.size} bytes of ${stat.mtime.toISOString()}`,
    };
  });
}

/** Of a cache what is for a moment only: scratch, locks, and the directories of nodes in the store that runs share. */
const momentary = ["*/tmp/*/*", "*/*.lock*", "*/engine/*.lock*", "*/engine/data/volumes/*/_data/nodes/*"];

function inCaches(caches: string): Thing[] {
  return globSync(momentary, { cwd: caches }).map((path) => thing("file", join(caches, path)));
}

/** Those of our disks, and those that nobody can have a use for, since their file is gone. */
function loopDevices(disks: string): Thing[] {
  const devices = readdirSync("/sys/block").filter((name) => name.startsWith("loop"));
  return devices.flatMap((device) => {
    const file = read(`/sys/block/${device}/loop/backing_file`).trim();
    const isOurs = file.startsWith(disks) || file.endsWith("(deleted)");
    return isOurs ? [{ kind: "loop device", name: `${device} ${file}`, state: "" } as const] : [];
  });
}

/** The engine makes them whenever it starts. */
const madeAnew = ["bridge", "host", "none"];

/** Containers, images, networks and volumes of the engine at this address. */
export async function thingsInEngine(host: string): Promise<Thing[]> {
  const docker = dockerAt(host);
  const [containers, images, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listImages(),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  const inspected = await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).inspect()));
  return [
    ...inspected.map(({ Id, Name, State }) =>
      thing("container", `${Name} ${Id.slice(0, 12)}`, `${State.Status} since ${State.StartedAt}`),
    ),
    ...images.map(({ Id, RepoTags }) => thing("image", Id, (RepoTags ?? []).toSorted().join(" "))),
    ...networks.map(({ Id, Name }) =>
      thing("network", madeAnew.includes(Name) ? Name : `${Name} ${Id.slice(0, 12)}`),
    ),
    ...volumes.Volumes.map((volume) =>
      thing("volume", volume.Name, (volume as { CreatedAt?: string }).CreatedAt),
    ),
  ];
}

const thing = (kind: Thing["kind"], name: string, state = ""): Thing => ({ kind, name, state });

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
