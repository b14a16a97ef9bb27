import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { remoteAddress, workQuestions } from "./clone-questions.ts";

let dir: string;
const env = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
const git = (cwd: string, ...args: string[]) =>
  execa("git", ["-c", "user.name=me", "-c", "user.email=me@example.invalid", ...args], { cwd, env });
const commit = async (cwd: string, file: string) => {
  await writeFile(join(cwd, file), file);
  await git(cwd, "add", ".");
  await git(cwd, "commit", "--quiet", "--message", file);
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "clone-questions-test-"));
  await git(dir, "init", "--quiet", "--initial-branch=main", "origin");
  await commit(join(dir, "origin"), "first");
});
afterAll(() => rm(dir, { recursive: true }));

/** A commit and a new file are left in it; then each question is asked as a run does. */
async function asked(name: string): Promise<string[]> {
  const cwd = join(dir, name);
  await commit(cwd, "mine");
  await writeFile(join(cwd, "new"), "new");
  const script = workQuestions.join("\necho --\n");
  const { stdout } = await execa("sh", ["-euc", script], { cwd, env, stripFinalNewline: false });
  return stdout.split("--\n").map((answer) => answer.trimEnd());
}

const expectAnswers = (answers: string[]) => {
  const [digests = "", remote, , unpushed, status] = answers;
  expect(digests.split("\n").map((line) => line.split("  ")[1])).toEqual(["mine", "new"]);
  expect(remote).toBe(`file://${dir}/origin`);
  expect(unpushed).toMatch(/^\w{40} mine$/);
  expect(status).toBe("?? new");
};

it.each([
  ["usual", []],
  ["of-another-name", ["--origin", "github"]],
])("says what was done in a clone: %s", async (name, options) => {
  await git(dir, "clone", "--quiet", ...options, `file://${dir}/origin`, name);
  expectAnswers(await asked(name));
});

it("says what was done where the branch follows none", async () => {
  await git(dir, "init", "--quiet", "--initial-branch=main", "fetched");
  const cwd = join(dir, "fetched");
  await git(cwd, "remote", "add", "origin", `file://${dir}/origin`);
  await git(cwd, "fetch", "--quiet", "origin");
  await git(cwd, "reset", "--quiet", "--hard", "origin/main");
  expectAnswers(await asked("fetched"));
});

it("takes origin of several", async () => {
  await git(dir, "clone", "--quiet", `file://${dir}/origin`, "two");
  await git(join(dir, "two"), "remote", "add", "a", "https://example.org/a");
  const { stdout } = await execa("sh", ["-euc", remoteAddress], { cwd: join(dir, "two"), env });
  expect(stdout).toBe(`file://${dir}/origin`);
});
