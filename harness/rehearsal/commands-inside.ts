import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDir, checkoutDir } from "../base/index.ts";
import type { Scene } from "./scene.ts";

/** What nothing of a rehearsal is about, and takes long to download: programs of the engine, helm and kubectl. */
const taken = ["engine/programs", "tools"];

/** Gives the scene a cache of its own in `directory`: of what is prepared here nothing counts there. */
export async function makeCache(directory: string): Promise<void> {
  for (const part of taken) {
    if (!existsSync(cacheDir(part))) continue;
    await mkdir(join(directory, part), { recursive: true });
    await execa("cp", ["--archive", "--link", `${cacheDir(part)}/.`, join(directory, part)]);
  }
}

/** Runs the harness in a scene as its user would. */
export interface Inside {
  scene: Scene;
  /** The scene's cache. */
  cache: string;
}

const environment = ({ cache }: Inside) => ({
  OPENCODE_HARNESS_CACHE: cache,
  PATH: `${join(checkoutDir, "node_modules/.bin")}:${process.env.PATH}`,
  CI: "true",
});

/** Starts an engine that sees the scene's names and nothing of this machine's network. Returns its address. */
export async function startEngine(inside: Inside): Promise<string> {
  const command = ["node", join(import.meta.dirname, "engine.ts")];
  const { stdout } = await execa(...inside.scene.inside(command), { env: environment(inside) });
  return stdout;
}

/** Runs a command of the harness from a checkout, and shows what it says. Returns how it ended, and all that it said. */
export async function runHarness(
  inside: Inside & { host: string },
  checkout: string,
  args: readonly string[],
): Promise<{ exitCode: number | undefined; said: string }> {
  process.stdout.write(`\n::: ${args.join(" ")}\n`);
  const command = inside.scene.inside(["node", "harness/cli.ts", ...args], checkout);
  const { exitCode, all } = await execa(...command, {
    env: { ...environment(inside), DOCKER_HOST: inside.host },
    all: true,
    stdin: "ignore",
    stdout: ["pipe", "inherit"],
    stderr: ["pipe", "inherit"],
    reject: false,
  });
  return { exitCode, said: all };
}
