import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { endGroup } from "./process-group.ts";
import { startTimeOf } from "./process-start.ts";

it("a group ends with the children of its first process", async () => {
  const shell = spawn("/bin/sh", ["-c", "sleep 60 >/dev/null & echo $!; wait"], { detached: true });
  const [child] = await once(shell.stdout, "data");
  expect(startTimeOf(Number(child))).toBeDefined();
  await endGroup(shell.pid);
  expect(() => process.kill(-(shell.pid ?? Number.NaN), 0)).toThrow("ESRCH");
});

it("a group that has ended, and one that never was, are fine", async () => {
  const shell = spawn("/bin/sh", ["-c", "exit 0"], { detached: true });
  await once(shell, "close");
  await endGroup(shell.pid);
  await endGroup(undefined);
});
