import { HarnessError, type StepSurroundings } from "../base/index.ts";
import type { CommandBlock } from "./command-blocks.ts";
import type { OperatorMachine } from "./operator-machine.ts";

/** What a block is run in: variables of earlier blocks are there, and the first command that fails ends it. */
const aroundBlock = (block: string, state: string) =>
  `set -a\n[ ! -e '${state}' ] || . '${state}'\n${block}\nexport -p > '${state}'\n`;

/** A person's terminal on a machine of their own: bash, which keeps its variables. Goes with the machine. */
export class OperatorShell implements AsyncDisposable {
  readonly #machine: OperatorMachine;
  readonly #said: string[] = [];

  constructor(machine: OperatorMachine) {
    this.#machine = machine;
  }

  /** All that was typed here and said in answer. */
  get transcript(): string {
    return this.#said.join("\n");
  }

  /**
   * Carries out a document's blocks as they stand. Throws with what was said at the first that fails.
   * @param typed What the person types while a block runs, for instance Enter; nothing if not given.
   */
  async carryOut(
    document: string,
    blocks: CommandBlock[],
    context: StepSurroundings,
    typed?: string,
  ): Promise<void> {
    for (const block of blocks) {
      const exitCode = await this.#run(block.command, context, typed);
      if (exitCode === 0) continue;
      throw new HarnessError(
        `the commands in line ${block.line} of ${document} ("${block.heading}") should succeed, and end with exit code ${exitCode}`,
        {
          code: "failed",
          details: this.transcript,
          remedy: "mend that block: somebody who follows the document gets no further",
        },
      );
    }
  }

  async #run(command: string, { signal, progress }: StepSurroundings, typed?: string): Promise<number> {
    if (!signal.aborted) progress.note(`$ ${command.split("\n").join("\n  ")}`);
    this.#said.push(`$ ${command}`);
    const script = aroundBlock(command, `${this.#machine.home}/.shell-state`);
    const bash = ["bash", "-euo", "pipefail", "-c", script];
    const { output, exitCode } = await this.#machine.run(bash, signal, typed);
    this.#said.push(output.replace(/\n$/, ""));
    return exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#machine[Symbol.asyncDispose]();
  }
}
