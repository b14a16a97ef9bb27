import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listenForInterrupts } from "./interrupts.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "interrupts-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(dir, { recursive: true, force: true });
});

function fakeProcess() {
  const exits: (number | undefined)[] = [];
  const streams = { stdout: new EventEmitter(), stderr: new EventEmitter() };
  const emitter = Object.assign(new EventEmitter(), streams, {
    exit: (code?: number) => void exits.push(code),
  });
  return { emitter, exits, process: emitter as unknown as Parameters<typeof listenForInterrupts>[0] };
}

it.each(["SIGINT", "SIGTERM", "SIGHUP"])(
  "%s aborts; the next signal leaves with 130 and says what remains",
  (first) => {
    vi.useFakeTimers();
    const { emitter, exits, process } = fakeProcess();
    let said = "";
    using interrupts = listenForInterrupts(process, (text) => {
      said += text;
    });
    emitter.emit(first);
    expect(interrupts.signal.aborted).toBe(true);
    expect(exits).toEqual([]);
    vi.advanceTimersByTime(1_000);
    emitter.emit("SIGTERM");
    expect(exits).toEqual([130]);
    expect(said).toContain("npm run down");
  },
);

it("takes a key that was pressed once for one, though npm passes it on too", () => {
  const { emitter, exits, process } = fakeProcess();
  using _interrupts = listenForInterrupts(process, () => {});
  emitter.emit("SIGINT");
  emitter.emit("SIGINT");
  expect(exits).toEqual([]);
});

it("takes its listeners away", () => {
  const { emitter, process } = fakeProcess();
  listenForInterrupts(process, () => {})[Symbol.dispose]();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) expect(emitter.listenerCount(name)).toBe(0);
});

/** Cleans up for 300 ms after the interruption, and writes all the time. */
const command = `
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { listenForInterrupts } from ${JSON.stringify(join(import.meta.dirname, "interrupts.ts"))};
using interrupts = listenForInterrupts(process, (text) => process.stderr.write(text));
setInterval(() => process.stdout.write("tick\\n"), 10);
await once(interrupts.signal, "abort");
await delay(300);
writeFileSync("cleaned-up", "yes");
process.exit(130);
`;

it("cleans up though the terminal is gone", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", command], {
    cwd: dir,
    stdio: ["ignore", "pipe", "pipe"],
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.stderr.destroy();
  child.kill("SIGHUP");
  expect(await once(child, "exit")).toEqual([130, null]);
  expect(await readFile(join(dir, "cleaned-up"), "utf8")).toBe("yes");
});
