import { join } from "node:path";
import { cacheDir, checkoutDir } from "../base/index.ts";
import { type LastTimes, openLastTimes, type Screen } from "../report/index.ts";
import type { Keyboard } from "./keys.ts";
import { loadRooms, type Rooms } from "./rooms.ts";

/** What a command is given: where it writes, what it may use, when it must stop. */
export interface CommandContext {
  stdout: NodeJS.WritableStream & { isTTY?: boolean };
  /** Where keys come from; none where it is not given. */
  stdin?: Keyboard;
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
  env: NodeJS.ProcessEnv;
  scenariosDir: string;
  resultsDir: string;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  rooms: Rooms;
  /** How long things took before on this machine. */
  lastTimes?: LastTimes;
}

/** Where a command shows its progress: standard output, or another of its streams. */
export function screenOf({ stdout, env, lastTimes }: CommandContext, stream = stdout): Screen {
  return { isTTY: stream.isTTY === true, env, lastTimes };
}

export function processContext(signal: AbortSignal): CommandContext {
  return {
    stdout: process.stdout,
    stdin: process.stdin,
    stderr: process.stderr,
    env: process.env,
    scenariosDir: join(checkoutDir, "scenarios"),
    resultsDir: join(checkoutDir, "results"),
    signal,
    rooms: loadRooms(),
    lastTimes: openLastTimes(cacheDir("last-times.json")),
  };
}
