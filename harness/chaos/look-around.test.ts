import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { privateEnvironment } from "../engine/index.ts";
import { openMachine } from "../machine/index.ts";
import { mayOpenMachine } from "../machine/test-machine.ts";
import { thingsInEngine } from "./look-around.ts";
import { differences, type Thing } from "./things.ts";

/** What somebody could leave on a machine, in sh; and by what it is found. */
const leftovers: [string, string, RegExp][] = [
  ["a process", "sleep 12345 &", /^left: process \d+ sleep 12345$/],
  ["a mount", 'mkdir "$1/mounted"; mount -t tmpfs left "$1/mounted"', /^left: mount left .*mounted tmpfs$/],
  ["a bridge", "ip link add name left0 type bridge", /^left: network link left0$/],
  ["a file", 'echo > "$1/files/left"', /^left: file .*files\/left$/],
  [
    "a key",
    'mkdir -p "$1/results/run/access"; echo > "$1/results/run/access/ca.key"',
    /^left: key .*ca\.key$/,
  ],
  ["scratch", 'mkdir -p "$1/caches/own/tmp/process/chart-1"', /^left: file .*process\/chart-1$/],
  ["a lock", 'echo > "$1/caches/own/prepare.lock"', /^left: file .*prepare\.lock$/],
  [
    "a node's directory in the store",
    'mkdir -p "$1/caches/own/engine/data/volumes/store/_data/nodes/run-server"',
    /^left: file .*nodes\/run-server$/,
  ],
  [
    "forwarding",
    "f=/proc/sys/net/ipv4/ip_forward; echo $((1 - $(cat $f))) > $f",
    /^touched, and not ours: setting .*ip_forward/,
  ],
  [
    "a disk",
    'truncate --size=1M "$1/disks/d"; losetup --find "$1/disks/d"',
    /^left: loop device loop\d+ .*disks\/d$/,
  ],
];
/** As the harness finds it: the machine's, or its own engine's. */
const hasIptables =
  execaSync("iptables", ["--version"], { env: privateEnvironment(), reject: false }).exitCode === 0;
if (hasIptables)
  leftovers.push([
    "a rule",
    "iptables --append FORWARD --jump DROP",
    /^left: firewall rule -A FORWARD -j DROP$/,
  ]);
else process.stderr.write("look-around.test.ts: rules are not tried, there is no iptables\n");

const freeDisk = 'losetup --detach "$(losetup --noheadings --output NAME --associated "$1/disks/d")"';

let directory: string;
let findings: string[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "look-"));
  if (mayOpenMachine) findings = await foundAfter(leftovers.map(([, plant]) => `( ${plant} )`).join("\n"));
}, 120_000);
afterAll(() => rm(directory, { recursive: true }));

/** What is found on a machine after this has run on it. */
async function foundAfter(plant: string): Promise<string[]> {
  const [files, results, disks, caches] = ["files", "results", "disks", "caches"].map((name) =>
    join(directory, name),
  );
  for (const path of [files, results, disks, join(caches ?? "", "own")])
    await mkdir(path ?? "", { recursive: true });
  const where = JSON.stringify({ engines: [], folders: [files], results, disks, caches });
  await using machine = await openMachine({ setUp: "", args: [], signal: new AbortController().signal });
  const run = (command: string[], env: NodeJS.ProcessEnv = process.env) =>
    execa(...machine.inside(command, checkoutDir), { env });
  const look = async (): Promise<Thing[]> =>
    JSON.parse((await run(["node", "harness/chaos/look.ts", where])).stdout);
  const before = await look();
  try {
    await run(["sh", "-uc", `exec > /dev/null 2>&1\n${plant}`, "sh", directory], privateEnvironment());
    return differences(before, await look()).map(({ what }) => what);
  } finally {
    await run(["sh", "-c", freeDisk, "sh", directory]).catch(() => {}); // none where it was not made
  }
}

describe.skipIf(!mayOpenMachine)("looking around on a machine", () => {
  it.each(leftovers)("finds %s", (_, __, found) => {
    expect(findings.filter((what) => found.test(what))).toHaveLength(1);
  });

  it("finds nothing else", () => {
    const above = /files?\/.*\/(run|access|own|process)$|results\/run(\/access)?$/;
    const unknown = findings.filter((what) => !leftovers.some(([, , found]) => found.test(what)));
    expect(unknown.filter((what) => !above.test(what))).toEqual([]);
  });
});

/** Stands in for an engine's API as far as it is listed; unlike one it has nothing but what is in here. */
const lists: Record<string, unknown> = {
  "/containers/json": [{ Id: "0123456789abcdef" }],
  "/containers/0123456789abcdef/json": {
    Id: "0123456789abcdef",
    Name: "/foreign",
    State: { Status: "running", StartedAt: "noon" },
  },
  "/images/json": [
    { Id: "sha256:1", RepoTags: ["b:1", "a:1"] },
    { Id: "sha256:2", RepoTags: null },
  ],
  "/networks": [
    { Id: "a".repeat(64), Name: "foreign" },
    { Id: "b".repeat(64), Name: "bridge" },
  ],
  "/volumes": { Volumes: [{ Name: "foreign", CreatedAt: "noon" }] },
};

it("knows each thing in an engine by what stays as long as nobody touches it", async () => {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://docker").pathname.replace(/^\/v[\d.]+/, "");
    response.setHeader("content-type", "application/json").end(JSON.stringify(lists[path]));
  });
  const socket = join(directory, "docker.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    expect(await thingsInEngine(`unix://${socket}`)).toEqual([
      { kind: "container", name: "/foreign 0123456789ab", state: "running since noon" },
      { kind: "image", name: "sha256:1", state: "a:1 b:1" },
      { kind: "image", name: "sha256:2", state: "" },
      { kind: "network", name: "foreign aaaaaaaaaaaa", state: "" },
      { kind: "network", name: "bridge", state: "" },
      { kind: "volume", name: "foreign", state: "noon" },
    ]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
