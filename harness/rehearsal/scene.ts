import { appendFile, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { iptables } from "../engine/index.ts";

/** One rehearsal at a time: a second one would meet these names. */
const network = "opencode-rehearsal";
const [outside, inside] = ["ocr-out", "ocr-in"];
const addresses = { outside: "10.199.77.1", inside: "10.199.77.2" };

const trustStore = "/etc/ssl/certs/ca-certificates.crt";

/**
 * A machine inside of this machine, for what must believe that names of the internet lead to it: a network and mounts of its
 * own, with another hosts file and one more authority. Processes, disk and kernel are this machine's. Root only.
 */
export interface Scene extends AsyncDisposable {
  /** The command line that runs a command in it. */
  inside(command: readonly string[]): [string, ...string[]];
  /** Takes the way out away: from now on nothing in it reaches anything else. */
  cutOff(): Promise<void>;
}

/** $1 the scene's folder, then the command. sysfs is mounted anew, or it would show this machine's network. */
const enter = `
scene=$1
shift
mkdir -p "$scene/cgroup"
mount --rbind /sys/fs/cgroup "$scene/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$scene/cgroup" /sys/fs/cgroup
umount --lazy "$scene/cgroup"
mount --bind "$scene/hosts" /etc/hosts
mount --bind "$scene/ca-certificates.crt" ${trustStore}
exec "$@"
`;

/** Opens it in `directory`: `names` lead to its own loopback address, and `caPem` is trusted. */
export async function openScene(
  directory: string,
  { names, caPem }: { names: readonly string[]; caPem: string },
): Promise<Scene> {
  await mkdir(directory, { recursive: true });
  await copyFile("/etc/hosts", join(directory, "hosts"));
  await appendFile(join(directory, "hosts"), `\n127.0.0.1 ${names.join(" ")}\n`);
  const system = await readFile(trustStore, "utf8");
  await writeFile(join(directory, "ca-certificates.crt"), `${system}\n${caPem}`);
  await close(); // what a killed rehearsal left
  const inside = (command: readonly string[]): [string, ...string[]] => [
    "nsenter",
    `--net=/run/netns/${network}`,
    "unshare",
    "--mount",
    "--propagation",
    "slave",
    "sh",
    "-euc",
    enter,
    "sh",
    directory,
    ...command,
  ];
  await open();
  return { inside, cutOff, [Symbol.asyncDispose]: close };
}

async function open(): Promise<void> {
  await ip(["netns", "add", network]);
  await ip(["link", "add", outside, "type", "veth", "peer", "name", inside, "netns", network]);
  await ip(["addr", "add", `${addresses.outside}/30`, "dev", outside]);
  await ip(["link", "set", outside, "up"]);
  const within = (args: readonly string[]) => ip(["-netns", network, ...args]);
  await within(["addr", "add", `${addresses.inside}/30`, "dev", inside]);
  await within(["link", "set", inside, "up"]);
  await within(["link", "set", "lo", "up"]);
  await within(["route", "add", "default", "via", addresses.outside]);
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
  for (const rule of wayOut) await iptables([rule.table, rule.add, ...rule.match].flat());
}

async function cutOff(): Promise<void> {
  await ip(["-netns", network, "route", "del", "default"]);
}

async function close(): Promise<void> {
  for (const rule of wayOut) await iptables([rule.table, rule.remove, ...rule.match].flat()).catch(() => {});
  await ip(["link", "del", outside]).catch(() => {});
  await ip(["netns", "del", network]).catch(() => {});
}

/** What leaves the scene has this machine's address; Docker lets no stranger pass through the machine otherwise. */
const wayOut = [
  {
    table: ["-t", "nat"],
    add: ["-A", "POSTROUTING"],
    remove: ["-D", "POSTROUTING"],
    match: ["-s", `${addresses.inside}/32`, "-j", "MASQUERADE"],
  },
  ...["-i", "-o"].map((direction) => ({
    table: ["-t", "filter"],
    add: ["-I", "FORWARD"],
    remove: ["-D", "FORWARD"],
    match: [direction, outside, "-j", "ACCEPT"],
  })),
];

async function ip(args: readonly string[]): Promise<void> {
  await execa("ip", args);
}

/** Removes the folder with what was mounted from it gone. */
export async function removeScene(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
