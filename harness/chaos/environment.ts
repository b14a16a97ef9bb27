import { join } from "node:path";
import { privateEngineHost, privatePlace } from "../engine/index.ts";

/** The folder of the rounds as the machine has it: where every user of it may go, and with a short name for sockets. */
export const home = "/run/chaos";

export interface CommandOptions {
  cache: string;
  /** Address of the engine that it shall use; one of its own if not given. */
  engine?: string;
  /** On a terminal of its own. */
  terminal?: boolean;
  /** Id of the user who runs it; root if not given. */
  user?: number;
}

/** Address of the private engine of a cache, whether it is there or not. */
export const engineOf = (cache: string): string => privateEngineHost(privatePlace(undefined, cache));

/** What would lead a command to another engine or cache. */
const misleading = /^(DOCKER_|TESTCONTAINERS_|OPENCODE_HARNESS_|NODE_COMPILE_CACHE)/;

/** Of a command in the machine: this process's, with what leads it to its cache and engine. */
export function environmentOf({ cache, engine, user }: CommandOptions): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !misleading.test(name));
  const programs = [
    join(home, "checkout/node_modules/.bin"),
    process.env.PATH,
    join(home, "programs/usr/bin"),
  ];
  return {
    ...Object.fromEntries(others),
    PATH: programs.join(":"),
    ...(user === undefined ? {} : { HOME: "/tmp" }),
    TMPDIR: "/tmp",
    CI: "true",
    OPENCODE_HARNESS_CACHE: cache,
    // Its own is not taken by itself where there is a system's.
    DOCKER_HOST: engine ?? engineOf(cache),
  };
}

/** The words that run a program as the user. */
export function asUser(command: readonly string[], user: number | undefined): readonly string[] {
  if (user === undefined) return command;
  return ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", ...command];
}
