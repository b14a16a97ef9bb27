import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ownerOf } from "../base/index.ts";
import { noteUse, otherUsers } from "./engine-users.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "users-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it("knows the other processes that use the engine as long as they live", async () => {
  const child = spawn(process.execPath, ["--eval", "setTimeout(() => {}, 60_000)"]);
  await noteUse(dir);
  await writeFile(join(dir, "child"), ownerOf(child.pid as number));
  expect(await otherUsers(dir)).toEqual([`process ${child.pid}`]);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await otherUsers(dir)).toEqual([]);
  expect(await readdir(dir)).toHaveLength(1);
});

it("knows of nobody where nobody ever used one", async () => {
  expect(await otherUsers(join(dir, "none"))).toEqual([]);
});
