import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Cluster } from "../cluster/index.ts";
import { OperatorShell } from "./operator-shell.ts";

const cluster = { descriptor: { kubeconfig: "kind: Config" } } as unknown as Cluster;
let shell: OperatorShell;
let notes: string[];
beforeEach(async () => {
  shell = await OperatorShell.open(cluster);
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

  it("has the cluster's kubeconfig, and removes it in the end", async () => {
    await run(['cat "$KUBECONFIG"; echo; echo "in $KUBECONFIG"; command -v kubectl']);
    const [, file = ""] = /^in (\S+)$/m.exec(shell.transcript) ?? [];
    expect(readFileSync(file, "utf8")).toBe("kind: Config");
    expect(shell.transcript).toMatch(/\/kubectl$/);
    await shell[Symbol.asyncDispose]();
    expect(existsSync(file)).toBe(false);
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
