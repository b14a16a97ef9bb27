import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ownerOf } from "../base/index.ts";
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
  const second = withLock(file, async () => void events.push("second starts"), {
    onWait: (holder) => {
      events.push(`second waits for ${holder}`);
      release.resolve();
    },
  });
  await Promise.all([first, second]);
  expect(events).toEqual([`second waits for process ${process.pid}`, "first ends", "second starts"]);
});

it("takes over the lock of a process that has ended", async () => {
  const file = join(dir, "b.lock");
  await writeFile(file, ownerOf(4_194_305));
  await expect(withLock(file, async () => "done")).resolves.toBe("done");
});

it("takes over when the pid belongs to a younger process", async () => {
  const file = join(dir, "c.lock");
  const [boot, namespace, pid, start, ...place] = ownerOf(process.pid).split("/");
  await writeFile(file, [boot, namespace, pid, `1${start}`, ...place].join("/"));
  await expect(withLock(file, async () => "done")).resolves.toBe("done");
});

it("takes over a lock that a lost power supply has emptied", async () => {
  const file = join(dir, "empty.lock");
  await writeFile(file, "");
  await expect(withLock(file, async () => "done")).resolves.toBe("done");
});

it.each([
  ["of another container", (parts: string[]) => [parts[0], "4026530000", "1", "1", parts[4], "box"]],
  ["on box", (parts: string[]) => ["another-boot", parts[1], "1", "1", "another-machine", "box"]],
])(
  "waits for the lock of a process %s, whatever has this number here, and says which file it is",
  async (where, holder) => {
    const file = join(dir, "f.lock");
    await writeFile(file, holder(ownerOf(process.pid).split("/")).join("/"));
    const abort = new AbortController();
    const waiting = withLock(file, async () => "never", {
      onWait: (text) => abort.abort(new Error(text)),
      signal: abort.signal,
    });
    await expect(waiting).rejects.toThrow(`process 1 ${where}`);
    await expect(waiting).rejects.toThrow(`remove ${file}`);
  },
);

it("does not take away the lock of who has come in its place", async () => {
  const file = join(dir, "g.lock");
  await withLock(file, () => writeFile(file, "somebody else"));
  expect(await readFile(file, "utf8")).toBe("somebody else");
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
  const waiting = withLock(file, async () => "never", {
    onWait: () => abort.abort(new Error("interrupted")),
    signal: abort.signal,
  });
  await expect(waiting).rejects.toThrow("interrupted");
  release.resolve();
  await held;
});
