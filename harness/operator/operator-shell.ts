import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { endGroup, HarnessError, kubectlBinary, type Progress } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import type { CommandBlock } from "./command-blocks.ts";

/** What a block is run in: variables of earlier blocks are there, and the first command that fails ends it. */
const aroundBlock = (block: string, state: string) =>
  `set -a\n[ ! -e '${state}' ] || . '${state}'\n${block}\nexport -p > '${state}'\n`;

export interface ShellContext {
  signal: AbortSignal;
  progress: Pick<Progress, "note">;
}

/** A person's terminal: bash with kubectl on its path and the cluster's kubeconfig, which keeps its variables. */
export class OperatorShell implements AsyncDisposable {
  readonly #directory: string;
  readonly #path: string;
  readonly #said: string[] = [];

  private constructor(directory: string, path: string) {
    this.#directory = directory;
    this.#path = path;
  }

  static async open(cluster: Pick<Cluster, "descriptor">): Promise<OperatorShell> {
    const path = [dirname(await kubectlBinary()), process.env.PATH].join(delimiter);
    // From here on nothing may fail but the disk: the directory has the key to the cluster.
    const directory = await mkdtemp(join(tmpdir(), "harness-operator-"));
    await writeFile(join(directory, "kubeconfig"), cluster.descriptor.kubeconfig, { mode: 0o600 });
    return new OperatorShell(directory, path);
  }

  /** All that was typed here and said in answer. */
  get transcript(): string {
    return this.#said.join("\n");
  }

  /** Carries out a document's blocks as they stand. Throws with what was said at the first that fails. */
  async carryOut(document: string, blocks: CommandBlock[], context: ShellContext): Promise<void> {
    for (const block of blocks) {
      const exitCode = await this.#run(block.command, context);
      if (exitCode === 0) continue;
      throw new HarnessError(
        `the commands in line ${block.line} of ${document} ("${block.heading}") should succeed, and end with exit code ${exitCode}`,
        {
          code: "failed",
          details: this.transcript,
          remedy: `mend that block: somebody who follows the document stands there with a lost node (pitfall 6)`,
        },
      );
    }
  }

  async #run(command: string, { signal, progress }: ShellContext): Promise<number> {
    if (signal.aborted) throw interrupted();
    progress.note(`$ ${command.split("\n").join("\n  ")}`);
    this.#said.push(`$ ${command}`);
    const script = aroundBlock(command, join(this.#directory, "state"));
    // A group of its own, so that what bash waits for ends with it.
    const running = execa("bash", ["-euo", "pipefail", "-c", script], {
      env: {
        PATH: this.#path,
        KUBECONFIG: join(this.#directory, "kubeconfig"),
        // Nothing of this machine's user: another cluster at the same port, aliases and defaults of kubectl.
        KUBECACHEDIR: join(this.#directory, "cache"),
        KUBERC: "off",
      },
      stdin: "ignore",
      all: true,
      reject: false,
      detached: true,
    });
    const end = () => void endGroup(running.pid);
    signal.addEventListener("abort", end, { once: true });
    try {
      const { all, exitCode } = await running;
      this.#said.push(all);
      if (signal.aborted) throw interrupted();
      return exitCode ?? 1;
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

const interrupted = () => new HarnessError("interrupted", { code: "interrupted" });
