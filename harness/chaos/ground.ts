import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { cacheDir, HarnessError } from "../base/index.ts";
import { canRunPrivateEngine } from "../engine/index.ts";
import { type Machine, openMachine, openWayOut, removeControlGroups, type WayOut } from "../machine/index.ts";
import type { Ended } from "./ended.ts";
import { asUser, type CommandOptions, environmentOf, home } from "./environment.ts";
import { plantForeigners } from "./foreigners.ts";
import type { Where } from "./look-around.ts";
import { launch, type Running } from "./running.ts";
import { setUp } from "./set-up.ts";
import type { Thing } from "./things.ts";

/** The group that the containers of the others' engine are below. */
export const controlGroup = "opencode-chaos";

/**
 * Where rounds happen: a machine of their own, so that nothing can happen to this one, with an engine that is others', what
 * others have in it, and a copy of this checkout. Paths are those of the machine.
 */
export interface Ground extends AsyncDisposable {
  /** Address of the others' engine. */
  readonly othersEngine: string;
  /** The folder of all of it, as this machine has it. */
  readonly directory: string;
  /** Path of a folder in it, as the machine has it. */
  path(...parts: string[]): string;
  /** A new cache, with the programs of an engine and nothing else; fine if it is there. Returns its path. */
  cache(name: string): Promise<string>;
  /** Starts a command of the harness. */
  start(args: readonly string[], options: CommandOptions): Promise<Running>;
  /** Runs it to its end. */
  run(args: readonly string[], options: CommandOptions & { withinMs?: number }): Promise<Ended>;
  /** Starts another program. */
  startProgram(command: readonly string[], options: CommandOptions): Promise<Running>;
  /** Runs another program, and returns what it prints; throws when it fails. */
  program(command: readonly string[], options?: CommandOptions): Promise<string>;
  /** Aborted when all of it is interrupted: then nothing in it runs any more. */
  readonly signal: AbortSignal;
  /** Lets the machine reach what this one reaches, until it is closed. */
  openWayOut(): Promise<WayOut>;
  /** How the commands have ended since this was asked last. */
  transcript(): Ended[];
  /** Lets the time pass; throws when all of it is interrupted. */
  pause(ms: number): Promise<void>;
  /** What is there now. */
  look(): Promise<Thing[]>;
  /** What is in this engine now. */
  lookInto(engine: string): Promise<Thing[]>;
}

/** What a command may take, with nothing in its way. */
const usualMs = 120_000;

/** Opens it in `directory`; of an earlier one there only the lasting cache stays. */
export async function openGround(directory: string, signal: AbortSignal): Promise<Ground> {
  await requireFit();
  const machine = await openMachine({ ...(await setUp(directory)), signal });
  const close = async () => {
    await machine[Symbol.asyncDispose]();
    await removeControlGroups(controlGroup);
  };
  try {
    return { ...(await furnish(machine, signal)), directory, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function requireFit(): Promise<void> {
  const programs = await readdir(cacheDir("engine", "programs")).catch(() => []);
  if ((await canRunPrivateEngine()) && programs.length > 0) return;
  throw new HarnessError("the rounds happen on a machine inside of this one, with engines of their own", {
    code: "environment",
    remedy: "Run it as root on Debian or Ubuntu, with an engine of the harness's own (npm run images).",
  });
}

type Furnished = Omit<Ground, "directory" | typeof Symbol.asyncDispose>;

/** With an engine that is others', and what they have in it. */
async function furnish(machine: Machine, signal: AbortSignal): Promise<Furnished> {
  const bare = withPrograms(machine);
  const cache = await bare.cache("others");
  const othersEngine = await bare.program(startEngine, { cache });
  await bare.program(["chmod", "666", othersEngine.slice("unix://".length)]); // of two users
  await plantForeigners((command) => bare.program(command, { cache, engine: othersEngine }), "running");
  const where: Where = {
    engines: [othersEngine],
    folders: ["/tmp", "/run/opencode-harness"],
    results: bare.path("checkout/results"),
    disks: bare.path("disks"),
    caches: bare.path("caches"),
  };
  const looked = async (at: string) => JSON.parse(await bare.program(["node", "harness/chaos/look.ts", at]));
  return {
    ...bare,
    othersEngine,
    openWayOut: () => openWayOut(machine.pid, signal),
    signal,
    pause: (ms) => delay(ms, undefined, { signal }),
    look: () => looked(JSON.stringify(where)),
    lookInto: looked,
  };
}

/** Prints the address of the engine of its cache, which it starts. */
export const startEngine = ["node", "harness/chaos/start-engine.ts"];

/** What runs in the machine, from its checkout. */
function withPrograms(
  machine: Machine,
): Pick<Ground, "path" | "cache" | "start" | "run" | "startProgram" | "program" | "transcript"> {
  const ends: Ended[] = [];
  const path = (...parts: string[]) => join(home, ...parts);
  const cwd = path("checkout");
  const launched = (told: string, command: readonly string[], options: CommandOptions) =>
    launch(machine, {
      told,
      command: asUser(command, options.user),
      cwd,
      env: environmentOf(options),
      terminal: options.terminal ?? false,
      onEnd: (ended) => ends.push(ended),
    });
  const start: Ground["start"] = (args, options) =>
    launched(`npm run ${args.join(" ")}`, ["node", "harness/cli.ts", ...args], options);
  const program: Ground["program"] = async (command, options = { cache: path("caches", "others") }) => {
    const words = machine.inside(asUser(command, options.user), cwd);
    return (await execa(...words, { env: environmentOf(options), extendEnv: false })).stdout;
  };
  return {
    path,
    transcript: () => ends.splice(0),
    start,
    program,
    startProgram: (command, options) => launched(command.join(" "), command, options),
    run: async (args, { withinMs = usualMs, ...options }) => (await start(args, options)).ended(withinMs),
    async cache(name) {
      const programs = path("caches", name, "engine", "programs");
      await program(["sh", "-euc", linkPrograms, "sh", path("programs"), programs]);
      return path("caches", name);
    },
  };
}

/** $1: the machine's programs; $2: the cache's, but for the folder of them that the harness writes into. */
const linkPrograms = '[ -e "$2" ] || { mkdir -p "$2"; ln -s "$1"/* "$2"; rm -f "$2/harness-bin"; }';
