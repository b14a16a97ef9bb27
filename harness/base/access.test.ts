import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { accessOwner, keepAccess, makeAccess, removeLeftAccess } from "./access.ts";
import { ownerOf } from "./owner.ts";

let results: string;
beforeEach(async () => {
  results = await mkdtemp(join(tmpdir(), "access-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(results, { recursive: true });
});

/** Keys that a command has left which was killed meanwhile. */
async function leftBy(command: "makeAccess" | "keepAccess", run: string): Promise<string> {
  const module = JSON.stringify(join(import.meta.dirname, "access.ts"));
  const directory = JSON.stringify(join(results, run));
  const script = `const { makeAccess, keepAccess } = await import(${module}); await makeAccess(${directory}); if (${command === "keepAccess"}) await keepAccess(${directory}); process.kill(process.pid, "SIGKILL");`;
  await execa(process.execPath, ["--input-type=module", "-e", script], { reject: false });
  await writeFile(join(results, run, "access/kubeconfig"), "the key");
  return join(results, run, "access");
}

describe("the keys of a run", () => {
  it("are for this user only", async () => {
    const access = await makeAccess(join(results, "run"));
    expect((await stat(access)).mode & 0o777).toBe(0o700);
    expect((await stat(join(access, "owner.json"))).mode & 0o777).toBe(0o600);
  });

  it("say whose they are, to whoever would take them over", async () => {
    await makeAccess(join(results, "run"));
    expect(await accessOwner(join(results, "run"))).toBe(ownerOf(process.pid));
    expect(await accessOwner(join(results, "no-run"))).toBeUndefined();
  });

  it("stay while their command is at work", async () => {
    const access = await makeAccess(join(results, "run"));
    await removeLeftAccess(results, { kept: true });
    expect(existsSync(access)).toBe(true);
  });

  it("go with the next command when theirs was killed, those of a second cluster too", async () => {
    const left = [await leftBy("makeAccess", "run"), await leftBy("makeAccess", "run/world-2")];
    await removeLeftAccess(results, { kept: false });
    expect(left.filter((access) => existsSync(access))).toEqual([]);
    expect(existsSync(join(results, "run"))).toBe(true);
  });

  it("stay with a cluster that is kept, and go when that goes", async () => {
    const access = await leftBy("keepAccess", "run");
    await removeLeftAccess(results, { kept: false });
    expect(await readFile(join(access, "kubeconfig"), "utf8")).toBe("the key");
    await removeLeftAccess(results, { kept: true });
    expect(existsSync(access)).toBe(false);
  });

  it("are left to whoever has another cache", async () => {
    const access = await leftBy("makeAccess", "run");
    vi.stubEnv("OPENCODE_HARNESS_CACHE", results);
    await removeLeftAccess(results, { kept: true });
    expect(existsSync(access)).toBe(true);
  });

  it("may never have been there", async () => {
    await removeLeftAccess(join(results, "none"), { kept: true });
  });

  it("are kept by this process until it ends", async () => {
    await makeAccess(join(results, "run"));
    await keepAccess(join(results, "run"));
    await removeLeftAccess(results, { kept: true });
    expect(existsSync(join(results, "run/access"))).toBe(true);
  });
});
