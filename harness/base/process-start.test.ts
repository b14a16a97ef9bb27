import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { startTimeOf } from "./process-start.ts";

it.runIf(process.platform === "linux")(
  "knows nothing of a process that has ended and is not buried",
  async () => {
    // The shell becomes a program that waits for no child.
    using parent = spawn("/bin/sh", ["-c", "sleep 60 >&- & echo $!; exec sleep 60"]);
    const [line] = await once(parent.stdout, "data");
    const child = Number(line);
    expect(startTimeOf(child)).toMatch(/^\d+$/);
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8")).toBe("sleep\n");
    process.kill(child, "SIGKILL");
    await expect.poll(() => startTimeOf(child)).toBeUndefined();
    expect(() => process.kill(child, 0)).not.toThrow();
  },
);
