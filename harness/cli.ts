import { listenForInterrupts, processContext, runProgram } from "./commands/index.ts";

using interrupts = listenForInterrupts(process, (text) => process.stderr.write(text));
const exitCode = await runProgram(process.argv.slice(2), processContext(interrupts.signal));
// Not process.exit(): output that is still on its way to a pipe would be lost.
process.exitCode = exitCode;
// A connection that somebody forgot must not hold the result back.
setTimeout(() => process.exit(), 5_000).unref();
