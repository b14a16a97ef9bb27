import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { bridgeOptions, defaultBridge, prepareNetwork, restoreNetwork } from "./private-network.ts";
import { privateEngineHost } from "./private-place.ts";

/**
 * Stands in for iptables: keeps the rules of one chain in a file, newest first. Like it, it takes a rule for the same
 * only if every word is, and fails when there is none to check or delete. Unlike it, it drops no packets.
 */
const iptables = (rules: string) => `#!/bin/sh
touch ${rules}
shift; act=$1; shift
case $act in
  --check) grep -qxF -e "$*" ${rules} ;;
  --insert) echo "$*" > ${rules}.new; cat ${rules} >> ${rules}.new; mv ${rules}.new ${rules} ;;
  --delete) grep -qxF -e "$*" ${rules} || exit 1; grep -vxF -e "$*" ${rules} > ${rules}.new; mv ${rules}.new ${rules} ;;
esac
`;

/** Stands in for ip: each bridge is a file. Like it, it fails for one that is there already or not there. */
const ip = (bridges: string) => `#!/bin/sh
shift
case $1 in
  show) [ -e ${bridges}/$2 ] ;;
  add) [ ! -e ${bridges}/$3 ] && : > ${bridges}/$3 ;;
  delete) rm ${bridges}/$2 2>/dev/null ;;
esac
`;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "bridge-"));
  await program("iptables", iptables(join(dir, "rules")));
  await program("ip", ip(join(dir, "bridges")));
  await mkdir(join(dir, "bridges"));
  await writeFile(join(dir, "bridges", "docker0"), "");
  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "cache"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(dir, name), text);
  await chmod(join(dir, name), 0o755);
}
const bridges = () => readdir(join(dir, "bridges"));
const environment = () => ({ PATH: `${dir}:/usr/bin:/bin` });
const rules = async () => (await readFile(join(dir, "rules"), "utf8")).split("\n").filter(Boolean);

it("adds one rule, for bridges of this cache only, and takes that one back", async () => {
  const others = "FORWARD --in-interface docker0 --jump ACCEPT";
  await writeFile(join(dir, "rules"), `${others}\n`);
  await prepareNetwork(environment());
  await prepareNetwork(environment());
  vi.stubEnv("DOCKER_HOST", privateEngineHost());
  const name = bridgeOptions()["com.docker.network.bridge.name"] ?? "";
  const [added = "", ...more] = await rules();
  expect(more).toEqual([others]);
  const [, pattern = ""] = /--in-interface (\S+)\+ --out-interface \1\+ /.exec(added) ?? [];
  expect(pattern).toMatch(/^oh\w{4}-$/);
  expect(name.startsWith(pattern)).toBe(true);
  await restoreNetwork(environment());
  expect(await rules()).toEqual([others]);
});

it("makes a bridge of its own and takes it away, whoever has docker0", async () => {
  await prepareNetwork(environment());
  await prepareNetwork(environment());
  expect(await bridges()).toEqual(["docker0", defaultBridge()]);
  await restoreNetwork(environment());
  await restoreNetwork(environment());
  expect(await bridges()).toEqual(["docker0"]);
});

it("says so where no bridge can be made", async () => {
  await program("ip", "#!/bin/sh\necho Operation not permitted >&2\nexit 2\n");
  await expect(prepareNetwork(environment())).rejects.toMatchObject({
    code: "environment",
    details: "Operation not permitted",
  });
});

it("leaves the rule of another cache's engine", async () => {
  await prepareNetwork(environment());
  const [first] = await rules();
  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "another"));
  await prepareNetwork(environment());
  await restoreNetwork(environment());
  expect(await rules()).toEqual([first]);
});

it("does without where there is no iptables", async () => {
  await rm(join(dir, "iptables"));
  await expect(prepareNetwork({ PATH: dir })).resolves.toBeUndefined();
});

it("names no bridges on an engine of the user's", () => {
  vi.stubEnv("DOCKER_HOST", "unix:///var/run/docker.sock");
  expect(bridgeOptions()).toEqual({});
});

it("gives bridges names that interfaces may have", () => {
  vi.stubEnv("DOCKER_HOST", privateEngineHost());
  expect(bridgeOptions()["com.docker.network.bridge.name"]?.length).toBeLessThanOrEqual(15);
});
