import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { endGroup, HarnessError } from "../base/index.ts";
import type { OperatorMachine } from "./operator-machine.ts";

/** This very machine in place of an operator's, with a home of its own; for unit tests, which bring their own commands. */
export async function fakeMachine(): Promise<OperatorMachine> {
  const home = await mkdtemp(join(tmpdir(), "fake-machine-"));
  return {
    home,
    async write(path, content, mode = "600") {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), content, { mode: Number.parseInt(mode, 8) });
    },
    async run([file = "", ...args], signal, typed) {
      const running = execa(file, args, {
        cwd: home,
        env: { HOME: home, KUBECONFIG: join(home, ".kube/config") },
        ...(typed === undefined ? { stdin: "ignore" as const } : { input: typed }),
        all: true,
        reject: false,
        detached: true,
      });
      const end = () => void endGroup(running.pid);
      signal.addEventListener("abort", end, { once: true });
      const { all, stdout, exitCode = 1 } = await running;
      signal.removeEventListener("abort", end);
      if (signal.aborted) throw new HarnessError("interrupted", { code: "interrupted" });
      return { output: all, stdout, exitCode };
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}
