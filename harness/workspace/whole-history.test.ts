import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectWholeHistory } from "./whole-history.ts";

let dir: string;
const env = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
const git = (cwd: string, ...args: string[]) =>
  execa("git", ["-c", "user.name=me", "-c", "user.email=me@example.invalid", ...args], { cwd, env });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "whole-history-test-"));
  const origin = join(dir, "origin");
  await git(dir, "init", "--quiet", origin);
  await git(origin, "config", "uploadpack.allowFilter", "true");
  for (const version of ["one", "two"]) {
    await writeFile(join(origin, "file.txt"), version);
    await git(origin, "add", ".");
    await git(origin, "commit", "--quiet", "--message", version);
  }
});
afterAll(() => rm(dir, { recursive: true }));

/** The real commands, in a clone made with these options. */
async function cloned(name: string, ...options: string[]): Promise<void> {
  const directory = join(dir, name);
  await git(dir, "clone", "--quiet", ...options, `file://${join(dir, "origin")}`, directory);
  const look = async (script: string) =>
    (await execa("sh", ["-euc", script], { cwd: directory, env })).stdout;
  await expectWholeHistory({ name: "ha" }, directory, look);
}

it("passes for a whole clone", () => cloned("whole"));

it.each([
  ["--filter=blob:none", "the clone of ha lacks 1 object of its history"],
  ["--depth=1", "the clone of ha is shallow"],
])("notices %s", async (option, message) => {
  await expect(cloned(option, option)).rejects.toThrow(message);
});
