import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectWholeRead, sayingItsEnd, tarOf } from "./node-files.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "node-"));
  await writeFile(join(directory, "file"), "text");
});
afterAll(() => rm(directory, { recursive: true }));

const judge = (said: string) => expectWholeRead(said, { command: ["tar", "-c"], node: "agent-1" });

/** What this machine's own program says, as a node's would. */
async function saidBy(...command: string[]): Promise<string> {
  const [file = "", ...args] = sayingItsEnd(command);
  const child = spawn(file, args, {
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  return text(child.stderr);
}

describe("a read on a node is whole", () => {
  it.each([
    ["when all was there", () => ["head", "-v", join(directory, "file")]],
    ["when a file is gone", () => ["head", "-v", join(directory, "file"), "/proc/4194399/environ"]],
    ["when a file of a tree is gone", () => ["tar", "-cf", "-", "-C", directory, "file", "gone"]],
  ])("%s", async (_when, command) => {
    expect(() => expectWholeRead("", { command: [], node: "" })).toThrow(); // the control
    judge(await saidBy(...command()));
  });

  it.each([
    ["tar: ./a: file changed as we read it", 1],
    ["tar: ./a: File removed before we read it", 1],
    ["tar: ./a: File shrank by 12 bytes; padding with zeros", 1],
    ["head: error reading '/proc/12/cgroup': No such process", 1],
    ["tar: can't open './a': No such file or directory\ntar: error exit delayed from previous errors", 1],
  ])("when it says %j", (line, exitCode) => judge(`${line}\nended with ${exitCode}\n`));
});

it("asks tar for nothing that busybox's does not know", async () => {
  const command = tarOf(directory);
  expect(command.filter((word) => word.startsWith("--"))).toEqual([]);
  judge(await saidBy(...command));
});

describe("a read on a node is not whole", () => {
  it.each([
    ["when the directory is missing", () => ["tar", "-cf", "-", "-C", join(directory, "none"), "."], "tar: "],
    ["when there is no such program", () => ["no-such-program"], "not found"],
    ["when it is killed", () => ["sh", "-c", "kill -9 $$"], ""],
    ["when it fails without a word", () => ["false"], ""],
  ])("%s", async (_when, command, word) => {
    const said = await saidBy(...command());
    const error = await Promise.resolve(said)
      .then(judge)
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "environment", details: expect.stringContaining(word) });
    expect(error.message).toMatch(
      /^what stands on node agent-1 could not be read .* ended with exit code \d+$/,
    );
  });

  it.each([
    ["tar: ./a: Read error at byte 0, while reading 512 bytes: Input/output error\nended with 2\n"],
    ["tar: ./a: Cannot open: Permission denied\ntar: ./b: file changed as we read it\nended with 2\n"],
    ["tar: can't change directory to '/none': No such file or directory\nended with 1\n"],
  ])("when it says %j", (said) => {
    expect(() => judge(said)).toThrow("could not be read to its end");
  });

  it("when it was cut short and could not say its end", () => {
    expect(() => judge("tar: ./a: file changed as we read it\n")).toThrow("tar was cut short");
  });
});
