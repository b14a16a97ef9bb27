import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Machine, openMachine } from "../machine/index.ts";
import { mayOpenMachine } from "../machine/test-machine.ts";
import { launch } from "./running.ts";
import { end, type WayToEnd } from "./ways-to-end.ts";

/** Ends with the second signal, or 2 s after the first, and notes them all. */
const program = `
const { appendFileSync } = require("node:fs");
let count = 0;
process.stdout.on("error", () => {});
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => {
  appendFileSync("signals", name + " ");
  if (++count === 2) process.exit(131);
  setTimeout(() => process.exit(130), 2_000);
});
setInterval(() => {}, 60_000);
console.log("ready");
`;

let directory: string;
let machine: Machine;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "running-"));
  if (mayOpenMachine)
    machine = await openMachine({ setUp: "", args: [], signal: new AbortController().signal });
});
afterEach(async () => {
  if (mayOpenMachine) await machine[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const start = (terminal = false) =>
  launch(machine, {
    told: "npm run program",
    command: [process.execPath, "--eval", program],
    cwd: directory,
    env: process.env,
    terminal,
  });

describe.skipIf(!mayOpenMachine)("a command in the machine", () => {
  it.each([
    ["kill -9", 137, ""],
    ["SIGTERM", 130, "SIGTERM "],
    ["SIGHUP", 130, "SIGHUP "],
    ["Ctrl-C", 130, "SIGINT "],
    ["Ctrl-C twice", 131, "SIGINT SIGINT "],
  ] as [WayToEnd, number, string][])("ends as it does by %s", async (way, exitCode, signals) => {
    const running = await start();
    await running.says("ready");
    await end(running, way);
    expect(await running.ended(20_000)).toMatchObject({ command: "npm run program", exitCode, hung: false });
    expect(await readFile(join(directory, "signals"), "utf8").catch(() => "")).toBe(signals);
  });

  it("hears that its terminal is closed, and is waited for", async () => {
    const running = await start(true);
    await running.says("ready");
    await end(running, "the terminal is closed");
    expect(await running.ended(20_000)).toMatchObject({ exitCode: undefined, hung: false });
    expect(await readFile(join(directory, "signals"), "utf8")).toBe("SIGHUP ");
  });

  it("is killed when it does not end in time, and that is told", async () => {
    const running = await start();
    await running.says("ready");
    expect(await running.ended(100)).toMatchObject({ hung: true });
  });
});
