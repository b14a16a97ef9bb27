export { processContext } from "./context.ts";
export { listenForInterrupts } from "./interrupts.ts";
export { runProgram } from "./program.ts";
