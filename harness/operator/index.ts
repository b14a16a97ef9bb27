export { type CommandBlock, commandBlocks } from "./command-blocks.ts";
export { type CommandDocument, commandDocument } from "./command-document.ts";
export { type OperatorMachine, startOperatorMachine } from "./operator-machine.ts";
export { OperatorShell } from "./operator-shell.ts";
