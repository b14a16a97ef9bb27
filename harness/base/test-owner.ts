import { spawn } from "node:child_process";
import { once } from "node:events";
import { ownerOf } from "./owner.ts";

/** The owner that was a process of this machine and has ended. For tests. */
export async function endedOwner(): Promise<string> {
  const child = spawn(process.execPath, ["--eval", "setTimeout(() => {}, 60_000)"]);
  const owner = ownerOf(child.pid as number);
  child.kill("SIGKILL");
  await once(child, "exit");
  return owner;
}
