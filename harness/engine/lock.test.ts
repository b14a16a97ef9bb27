import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startTimeOf } from "../base/index.ts";
import { withLock } from "./lock.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it("lets one work at a time, and says who the other waits for", async () => {
  const file = join(dir, "a.lock");
  const events: string[] = [];
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const first = withLock(file, async () => {
    started.resolve();
    await release.promise;
    events.push("first ends");
  });
  await started.promise;
  const second = withLock(
    file,
    async () => void events.push("second starts"),
    (pid) => {
      events.push(`second waits for ${pid}`);
      release.resolve();
    },
  );
  await Promise.all([first, second]);
  expect(events).toEqual([`second waits for ${process.pid}`, "first ends", "second starts"]);
});

it("takes over the lock of a process that has ended", async () => {
  const file = join(dir, "b.lock");
  await writeFile(file, "4194304 12345");
  await expect(withLock(file, async () => "done")).resolves.toBe("done");
});

it("takes over when the pid belongs to a younger process", async () => {
  const file = join(dir, "c.lock");
  await writeFile(file, `${process.pid} 1${startTimeOf(process.pid)}`);
  await expect(withLock(file, async () => "done")).resolves.toBe("done");
});

it("gives the lock back when the work fails", async () => {
  const file = join(dir, "d.lock");
  await expect(withLock(file, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  await expect(stat(file)).rejects.toThrow("ENOENT");
});

it("stops waiting for somebody else when it is interrupted", async () => {
  const file = join(dir, "e.lock");
  const release = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const held = withLock(file, async () => {
    started.resolve();
    await release.promise;
  });
  await started.promise;
  const abort = new AbortController();
  const waiting = withLock(
    file,
    async () => "never",
    () => abort.abort(new Error("interrupted")),
    abort.signal,
  );
  await expect(waiting).rejects.toThrow("interrupted");
  release.resolve();
  await held;
});
