import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// What Node has made of the files once, types taken away; a second or more of every command. Goes with node_modules.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/opencode-harness"));
process.env.HOME ??= homeOrRoot();
const { listenForInterrupts, processContext, runProgram } = await import("./commands/index.ts");

using interrupts = listenForInterrupts(process, (text) => process.stderr.write(text));
const exitCode = await runProgram(process.argv.slice(2), processContext(interrupts.signal));
// Not process.exit(): output that is still on its way to a pipe would be lost.
process.exitCode = exitCode;
// A connection that somebody forgot must not hold the result back.
setTimeout(() => process.exit(), 5_000).unref();

/** A user that no passwd knows, as a container may be run by, has the home that Docker gives it. Node throws instead. */
function homeOrRoot(): string {
  try {
    return homedir();
  } catch {
    return "/";
  }
}
