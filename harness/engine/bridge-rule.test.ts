import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { bridgeOptions, forgetBridges, letBridgesForward } from "./bridge-rule.ts";
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

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "bridge-"));
  await writeFile(join(dir, "iptables"), iptables(join(dir, "rules")));
  await chmod(join(dir, "iptables"), 0o755);
  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "cache"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

const environment = () => ({ PATH: `${dir}:/usr/bin:/bin` });
const rules = async () => (await readFile(join(dir, "rules"), "utf8")).split("\n").filter(Boolean);

it("adds one rule, for bridges of this cache only, and takes that one back", async () => {
  const others = "FORWARD --in-interface docker0 --jump ACCEPT";
  await writeFile(join(dir, "rules"), `${others}\n`);
  await letBridgesForward(environment());
  await letBridgesForward(environment());
  vi.stubEnv("DOCKER_HOST", privateEngineHost());
  const name = bridgeOptions()["com.docker.network.bridge.name"] ?? "";
  const [added = "", ...more] = await rules();
  expect(more).toEqual([others]);
  const [, pattern = ""] = /--in-interface (\S+)\+ --out-interface \1\+ /.exec(added) ?? [];
  expect(pattern).toMatch(/^oh\w{4}-$/);
  expect(name.startsWith(pattern)).toBe(true);
  await forgetBridges(environment());
  expect(await rules()).toEqual([others]);
});

it("leaves the rule of another cache's engine", async () => {
  await letBridgesForward(environment());
  const [first] = await rules();
  vi.stubEnv("OPENCODE_HARNESS_CACHE", join(dir, "another"));
  await letBridgesForward(environment());
  await forgetBridges(environment());
  expect(await rules()).toEqual([first]);
});

it("does without where there is no iptables", async () => {
  await expect(letBridgesForward({ PATH: "/nowhere" })).resolves.toBeUndefined();
});

it("names no bridges on an engine of the user's", () => {
  vi.stubEnv("DOCKER_HOST", "unix:///var/run/docker.sock");
  expect(bridgeOptions()).toEqual({});
});

it("gives bridges names that interfaces may have", () => {
  vi.stubEnv("DOCKER_HOST", privateEngineHost());
  expect(bridgeOptions()["com.docker.network.bridge.name"]?.length).toBeLessThanOrEqual(15);
});
