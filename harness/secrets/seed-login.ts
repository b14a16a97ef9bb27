import { type WatchedRun, watchedRun } from "../../fixtures/operator/watch.ts";
import { HarnessError } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { type Source, shownBy } from "../observe/index.ts";
import type { OperatorMachine } from "../operator/index.ts";
import { loginKey, nextValues, untilSecretsHold } from "./rotation.ts";
import type { Generations, SecretsStage } from "./stage.ts";

/** Where manifests/ has it. */
export const seedScript = "scripts/seed-copilot-auth.sh";

interface SeedLogin {
  /** The script's text. */
  script: string;
  workspace: { name: string };
  /** OpenCode's auth.json on the machine of the person who seeds. */
  login: string;
  dopplerToken: string;
}

/** As much of a world as seeding needs. */
export interface SeedStage extends SecretsStage {
  secrets(): Promise<Generations & { tokens: { dopplerToken: string } }>;
  tree(): Promise<Tree>;
  startOperatorMachine(): Promise<OperatorMachine>;
}

/**
 * Seeds a new login for every workspace, side by side, and waits until its Secret has it. Returns what could be seen of
 * the script meanwhile.
 */
export async function seedLogins(stage: SeedStage, signal: AbortSignal): Promise<Source[]> {
  const { doppler, workspaces } = stage;
  const { tokens, ...generations } = await stage.secrets();
  const next = await nextValues(doppler, generations);
  const script = (await stage.tree()).text(workspaces[0]?.facts.seedScript ?? seedScript);
  const runs = workspaces.map((workspace) =>
    seedFromNewMachine(
      stage,
      { ...tokens, script, workspace, login: next[loginKey(workspace, generations)] ?? "" },
      signal,
    ),
  );
  const shown = (await Promise.all(runs)).map((watched) => shownBy(scriptName, watched));
  const seeded = workspaces
    .map((workspace) => loginKey(workspace, generations))
    .map((key) => [key, next[key] ?? ""] as const);
  await untilSecretsHold(workspaces, Object.fromEntries(seeded), signal);
  return shown;
}

/** The machine is there until the script has ended, and gone then. */
export async function seedFromNewMachine(
  stage: Pick<SeedStage, "startOperatorMachine">,
  seed: SeedLogin,
  signal: AbortSignal,
): Promise<WatchedRun> {
  await using machine = await stage.startOperatorMachine();
  return await seedLogin(machine, seed, signal);
}

const scriptName = "seed-copilot-auth.sh";

/**
 * Seeds a new Copilot login as a person does on a machine of their own: a home with OpenCode's auth.json and a login at
 * Doppler, the `doppler` program (a stand-in of it), the real kubectl. Returns what could be seen of it meanwhile.
 */
export async function seedLogin(
  machine: OperatorMachine,
  { script, workspace, login, dopplerToken }: SeedLogin,
  signal: AbortSignal,
): Promise<WatchedRun> {
  await machine.write(".local/share/opencode/auth.json", login);
  await machine.write(".doppler/token", dopplerToken);
  await machine.write(scriptName, script, "700");
  const args = ["--sync", workspace.name.replace(/^opencode-/, "")];
  const watcher = ["node", "/fixtures/operator.js", `${machine.home}/${scriptName}`, ...args];
  const run = readRun(await machine.run(watcher, signal));
  if (run.exitCode === 0) return run;
  throw new HarnessError(
    `${seedScript} ends with exit code ${run.exitCode} and stores no login for ${workspace.name}`,
    {
      code: "failed",
      details: run.output,
      remedy: "run it by hand with --dry-run; it needs doppler and kubectl (pitfall 10)",
    },
  );
}

function readRun({ stdout, output }: { stdout: string; output: string }): WatchedRun {
  try {
    return watchedRun.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new HarnessError(`${seedScript} could not be watched on the operator's machine`, {
      code: "environment",
      details: output,
      cause,
    });
  }
}
