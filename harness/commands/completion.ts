import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { checkoutDir } from "../base/index.ts";
import { loadScenarios } from "../scenario/index.ts";
import type { CommandContext } from "./context.ts";

export const shells = ["bash", "zsh", "fish", "powershell"] as const;
type Shell = (typeof shells)[number];

/** The shell's name for `npm run … --`, which no shell would complete by itself. */
const name = "harness";

/** The library's own command, which knows the program by a name that no shell can run. */
const scriptOfTab = "completion-script";

/** Prints a script that gives the shell the command `harness`, and completes what is typed after it. */
export async function completionCommand({ stdout }: CommandContext, shell: Shell): Promise<number> {
  const { script } = await import("@bomb.sh/tab");
  const [node, cli] = [process.execPath, join(checkoutDir, "harness", "cli.ts")].map(quoted);
  const functions: Record<Shell, string> = {
    bash: `${name}() { ${node} ${cli} "$@"; }`,
    zsh: `${name}() { ${node} ${cli} "$@"; }`,
    fish: `function ${name}; ${node} ${cli} $argv; end`,
    powershell: `function ${name} { & ${node} ${cli} @args }`,
  };
  stdout.write(`${functions[shell]}\n`);
  script(shell, name, name);
  return 0;
}

/** What a shell asks for: the words so far, the last of them unfinished. Prints what may stand there. */
export async function complete(context: CommandContext, program: Command, words: string[]): Promise<number> {
  const { default: tab } = await import("@bomb.sh/tab/commander");
  const root = tab(program, { completionCommandName: scriptOfTab });
  root.commands.delete(scriptOfTab);
  const [names, scenarios] = await Promise.all([
    namesOf(context.scenariosDir),
    mutantsWanted(context, words),
  ]);
  const values: Record<string, Record<string, string[]>> = {
    scenario: { names: ["all", ...names], mutant: scenarios },
    mutants: { names, mutant: scenarios },
    report: { run: await runsIn(context.resultsDir) },
  };
  for (const [command, ofCommand] of Object.entries(values)) {
    for (const [what, list] of Object.entries(ofCommand)) {
      const { options, arguments: places } = root.commands.get(command) ?? {};
      const place = places?.get(what) ?? options?.get(what);
      if (place) place.handler = (offer) => list.forEach((value) => void offer(value, ""));
    }
  }
  root.parse(words);
  return 0;
}

/** By their files: reading them all would take longer than a person waits for a Tab. */
async function namesOf(scenariosDir: string): Promise<string[]> {
  const files = await readdir(scenariosDir).catch(() => []);
  return files.flatMap((file) => /^(.*)\.scenario\.ts$/.exec(file)?.[1] ?? []);
}

async function mutantsWanted({ scenariosDir }: CommandContext, words: string[]): Promise<string[]> {
  if (!words.slice(-2).some((word) => word.startsWith("--mutant"))) return [];
  return (await loadScenarios(scenariosDir)).flatMap(({ mutants }) => mutants.map((mutant) => mutant.name));
}

async function runsIn(resultsDir: string): Promise<string[]> {
  return (await readdir(resultsDir).catch(() => [])).sort().reverse();
}

/** As every shell of these takes it for one word. */
const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;
