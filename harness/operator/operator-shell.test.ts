import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeMachine } from "./fake-machine.ts";
import { OperatorShell } from "./operator-shell.ts";

let shell: OperatorShell;
let notes: string[];
beforeEach(async () => {
  shell = new OperatorShell(await fakeMachine());
  notes = [];
});
afterEach(() => shell[Symbol.asyncDispose]());

const block = (command: string, line = 1) => ({ heading: "Step", line, command });
const run = (commands: string[], signal = new AbortController().signal) =>
  shell.carryOut(
    "document.md",
    commands.map((command, index) => block(command, index + 1)),
    {
      signal,
      progress: { note: (line: string) => void notes.push(line) },
    },
  );

describe("OperatorShell", () => {
  it("keeps variables from block to block, quotes and newlines included", async () => {
    await run(['NODE="it\'s\ntwo  lines"', 'echo "<$NODE>"']);
    expect(shell.transcript).toContain("<it's\ntwo  lines>");
    expect(notes).toHaveLength(2);
  });

  it.each([
    ["a command in the middle", "echo before; false; echo after"],
    ["a part of a pipe", "false | cat"],
    ["a variable that nobody has set", 'echo "$NOBODY"'],
  ])("stops at %s that fails, and says where", async (_, command) => {
    await expect(run(["echo first", command, "echo never"])).rejects.toMatchObject({
      code: "failed",
      message: 'the commands in line 2 of document.md ("Step") should succeed, and end with exit code 1',
      details: expect.stringContaining("$ echo first\nfirst"),
    });
    expect(shell.transcript).not.toContain("never");
  });

  it("ends what bash waits for when it is interrupted", async () => {
    const over = new AbortController();
    const running = run(["sleep 60 & sleep 60"], over.signal);
    setTimeout(() => over.abort(), 100);
    await expect(running).rejects.toMatchObject({ code: "interrupted" });
  });
});
