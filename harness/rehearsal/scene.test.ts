import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { mayOpenMachine } from "../machine/test-machine.ts";
import { openScene } from "./scene.ts";

/** Without a way out, which takes a program of Debian's. */
const noWay = async () => ({ close: async () => {}, [Symbol.asyncDispose]: async () => {} });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "scene-"));
});
afterEach(() => rm(directory, { recursive: true }));

const options = (signal = new AbortController().signal) => ({
  directory,
  names: ["ghcr.io", "quay.io"],
  caPem: "the rehearsal's authority",
  signal,
});

const trusted = "/etc/ssl/certs/ca-certificates.crt";

it.skipIf(!mayOpenMachine)(
  "has names, trust and processes of its own, and leaves this machine's as they are",
  async () => {
    const before = await readFile("/etc/hosts", "utf8");
    await using scene = await openScene(options(), noWay);
    const said = async (...command: string[]) => (await execa(...scene.inside(command, directory))).stdout;
    expect(await said("cat", "/etc/hosts")).toBe(`${before.trimEnd()}\n\n10.0.2.100 ghcr.io quay.io`);
    expect(await said("tail", "--lines=1", trusted)).toBe("the rehearsal's authority");
    expect(await said("cat", "/etc/resolv.conf")).toBe("nameserver 10.0.2.3");
    expect(await said("pwd")).toBe(directory);
    expect(await said("sh", "-c", "ls /proc | grep -c '^[0-9]*$'")).toMatch(/^[1-9]$/);
    expect(await readFile("/etc/hosts", "utf8")).toBe(before);
    expect(await readFile(trusted, "utf8").catch(() => "")).not.toContain("the rehearsal's");
  },
);

it.skipIf(!mayOpenMachine)("ends whatever runs in it when the signal comes", async () => {
  const abort = new AbortController();
  await using scene = await openScene(options(abort.signal), noWay);
  const command = ["sh", "-c", "echo running; exec sleep infinity"];
  const running = execa(...scene.inside(command), { reject: false });
  for await (const line of running) {
    if (line === "running") abort.abort();
  }
  expect((await running).exitCode).not.toBe(0);
});
