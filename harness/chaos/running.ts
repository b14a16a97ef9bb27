import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { startTimeOf } from "../base/index.ts";
import { childOf, type Machine } from "../machine/index.ts";
import type { Ended } from "./ended.ts";

/** A command in the machine. */
export interface Running {
  /** A process that has ended takes no signal, and that is fine. */
  signal(name: NodeJS.Signals): void;
  /** Only of one that was started on a terminal. */
  closeTerminal(): void;
  /** Resolves as soon as it has said this, or has ended. */
  says(words: string): Promise<void>;
  /** Waits for its end; one that does not end in time is killed. */
  ended(withinMs: number): Promise<Ended>;
}

export interface Launch {
  /** As it is typed. */
  told: string;
  command: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** On a terminal of its own. */
  terminal: boolean;
  onEnd?: (ended: Ended) => void;
}

/** Starts it; resolves as soon as it can be ended. */
export async function launch(machine: Machine, at: Launch): Promise<Running> {
  const { told, command, cwd, env, terminal, onEnd } = at;
  const line = `exec ${command.map((word) => `'${word}'`).join(" ")}`;
  const asked = terminal ? ["script", "--quiet", "--return", "--command", line, "/dev/null"] : command;
  const outer = execa(...machine.inside(asked, cwd), {
    env,
    extendEnv: false,
    all: true,
    stdin: terminal ? "pipe" : "ignore",
    reject: false,
  });
  const first = await comes(() => childOf(outer.pid as number), outer);
  const pid = terminal ? await comes(() => childOf(first), outer) : first;
  const startedAt = startTimeOf(pid);
  const isRunning = () => startedAt !== undefined && startTimeOf(pid) === startedAt;
  const signal = (name: NodeJS.Signals, to = pid) => {
    if (isRunning()) process.kill(to, name);
  };
  let hung = false;
  let said = "";
  outer.all.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return {
    signal,
    async says(words) {
      while (!said.includes(words) && isRunning()) await once(outer.all, "data");
    },
    closeTerminal: () => signal("SIGKILL", first),
    async ended(withinMs) {
      for (const deadline = performance.now() + withinMs; isRunning(); await delay(50)) {
        if (hung || performance.now() < deadline) continue;
        hung = true;
        signal("SIGKILL");
      }
      const { exitCode, signal: by, all } = await outer;
      const wasClosed = terminal && by !== undefined;
      const code = by === "SIGKILL" && !wasClosed ? 137 : exitCode;
      const ended: Ended = { command: told, exitCode: code, said: all, hung };
      onEnd?.(ended);
      return ended;
    },
  };
}

/** The child of a process that has just been started; NaN where that has ended before it had one. */
async function comes(child: () => Promise<number>, outer: PromiseLike<unknown>): Promise<number> {
  let isOver = false;
  void outer.then(() => {
    isOver = true;
  });
  for (;;) {
    const pid = await child();
    if (!Number.isNaN(pid) || isOver) return pid;
    await delay(5);
  }
}
