import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ownerOf, silent } from "../base/index.ts";
import { startPrivateEngine } from "./private-engine.ts";
import { type PrivatePlace, privatePlace, runningPid } from "./private-place.ts";
import { stopPrivateEngine } from "./stop-private-engine.ts";

/**
 * Stands in for dockerd: writes its pid file, listens where it is told to, answers pings after as long as the file `slow`
 * says, and lists the running containers that are in the file `containers`. Unlike it, it runs none.
 */
const dockerd = `#!${process.execPath}
const { readFileSync, writeFileSync } = require("node:fs");
const value = (flag) => process.argv[process.argv.indexOf(flag) + 1];
const read = (name) => { try { return readFileSync(__dirname + "/" + name, "utf8"); } catch { return ""; } };
writeFileSync(__dirname + "/arguments", process.argv.slice(2).join(" "));
writeFileSync(__dirname + "/environment", Object.keys(process.env).join(" "));
writeFileSync(value("--pidfile"), String(process.pid));
require("node:http").createServer((request, response) => {
  if (request.url === "/_ping") setTimeout(() => response.end("OK"), Number(read("slow")));
  else response.setHeader("content-type", "application/json").end(read("containers") || "[]");
}).listen(value("--host").slice("unix://".length));
process.on("SIGTERM", () => process.exit());
`;

/** Not every root may: a container's may not. */
const mayMount =
  execaSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp"], { reject: false }).exitCode ===
  0;
if (!mayMount)
  process.stderr.write("private-engine.test.ts: mounts are not tried, this user may not mount\n");

let dir: string;
let at: PrivatePlace;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "engine-"));
  vi.stubEnv("OPENCODE_HARNESS_CACHE", dir);
  vi.stubEnv("GITHUB_TOKEN", "of the user");
  at = privatePlace(join(dir, "run"));
  for (const bin of ["usr/bin", "usr/sbin"]) await mkdir(join(at.programs, bin), { recursive: true });
  await writeFile(join(at.programs, "usr/bin/docker"), "");
  await program("dockerd", dockerd);
  await program("iptables", `#!/bin/sh\necho "$2" >> ${dir}/network\n[ "$2" != --check ]\n`);
  await program("ip", `#!/bin/sh\necho "$*" >> ${dir}/network\n[ "$2" != show ]\n`);
});
afterEach(async () => {
  const pid = await runningPid(at);
  if (pid !== undefined) process.kill(pid, "SIGKILL");
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(at.programs, "usr/sbin", name), text);
  await chmod(join(at.programs, "usr/sbin", name), 0o755);
}
const tell = (name: string, text: string) => writeFile(join(at.programs, "usr/sbin", name), text);
const told = (name: string) => readFile(join(at.programs, "usr/sbin", name), "utf8");
const start = () => startPrivateEngine(silent, { at });

it("leaves the machine's network and the settings of its own engine alone, and takes no secrets along", async () => {
  await start();
  const flags = await told("arguments");
  expect(flags).toMatch(/--bridge oh\w{4}-0 /);
  for (const flag of ["--iptables=false", "--ip6tables=false", "--ip-forward=false"])
    expect(flags).toContain(flag);
  expect(flags).toContain(`--config-file ${at.configFile}`);
  expect(flags).toMatch(/--containerd-namespace opencode-harness-\w+/);
  expect((await told("environment")).split(" ")).toContain("PATH");
  expect(await told("environment")).not.toContain("GITHUB_TOKEN");
});

it("waits for an engine that is slow, and never ends one that lives", async () => {
  await start();
  const pid = await runningPid(at);
  await tell("slow", "3000");
  await start();
  expect(await runningPid(at)).toBe(pid);
  await tell("slow", "60000");
  const again = startPrivateEngine(silent, { at, deadlineMs: 1_000 });
  await expect(again).rejects.toMatchObject({
    code: "environment",
    message: expect.stringContaining(`process ${pid}, runs and says nothing`),
    remedy: expect.stringContaining(`kill -9 ${pid}`),
  });
  expect(await runningPid(at)).toBe(pid);
});

it("starts anew after the end of one that left its files", async () => {
  await start();
  const pid = (await runningPid(at)) as number;
  process.kill(pid, "SIGKILL");
  await expect.poll(() => runningPid(at)).toBeUndefined();
  await rm(at.socket);
  await start();
  expect(await runningPid(at)).not.toBe(pid);
});

it("ends with everything that it left outside of the cache", async () => {
  await start();
  expect(await stopPrivateEngine({}, at)).toEqual({ state: "stopped", by: [] });
  expect(await runningPid(at)).toBeUndefined();
  expect(existsSync(at.runDir)).toBe(false);
  const network = await readFile(join(dir, "network"), "utf8");
  expect(
    network
      .replaceAll(/oh\w{4}-0/g, "oh-0")
      .trim()
      .split("\n"),
  ).toEqual([
    "link show oh-0",
    "link add name oh-0 type bridge",
    "--check",
    "--insert",
    "--delete",
    "link delete oh-0",
  ]);
});

it("takes away what a killed engine left, and says that none runs", async () => {
  await start();
  process.kill((await runningPid(at)) as number, "SIGKILL");
  await expect.poll(() => runningPid(at)).toBeUndefined();
  expect((await stopPrivateEngine({}, at)).state).toBe("not running");
  expect(existsSync(at.runDir)).toBe(false);
});

it.skipIf(!mayMount)(
  "takes its data's mount away, which an engine leaves that is stopped while it starts",
  async () => {
    await start();
    const data = join(dir, "with blanks");
    const own = { ...at, dataRoot: data };
    await mkdir(data);
    await execa("mount", ["--bind", data, data]);
    try {
      expect(await stopPrivateEngine({}, own)).toMatchObject({ state: "stopped" });
      expect(await readFile("/proc/self/mounts", "utf8")).not.toContain("with\\040blanks");
    } finally {
      await execa("umount", [data], { reject: false });
    }
  },
);

it("is not stopped under another command, which may be preparing images", async () => {
  await start();
  using other = spawn("sleep", ["60"]);
  await once(other, "spawn");
  await mkdir(at.users, { recursive: true });
  await writeFile(join(at.users, "other"), ownerOf(other.pid as number));
  expect(await stopPrivateEngine({}, at)).toEqual({ state: "in use", by: [`process ${other.pid}`] });
  expect(await runningPid(at)).toBeDefined();
});

it("is not stopped under a container, whoever has started that", async () => {
  await start();
  await tell("containers", JSON.stringify([{ Id: "abc", Names: ["/of-somebody"] }]));
  expect(await stopPrivateEngine({}, at)).toEqual({ state: "in use", by: ["container of-somebody"] });
});
