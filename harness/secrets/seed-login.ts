import { type WatchedRun, watchedRun } from "../../fixtures/operator/watch.ts";
import { HarnessError } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { type Source, shownBy } from "../observe/index.ts";
import type { OperatorMachine } from "../operator/index.ts";
import { loginKey, nextValues, syncSecrets, untilSecretsHold } from "./rotation.ts";
import { type SeedCall, seedCalls } from "./seed-calls.ts";
import type { Generations, SecretsStage } from "./stage.ts";

/** Where manifests/ has it. */
export const seedScript = "scripts/seed-copilot-auth.sh";

interface SeedLogin {
  /** The script's text. */
  script: string;
  call: SeedCall;
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
 * Seeds a new login for every workspace that has its own from Doppler, each call of the script beside the others, and waits
 * until its Secret has it: whether the script lets External Secrets fetch or not. Returns what could be seen of it meanwhile.
 */
export async function seedLogins(stage: SeedStage, signal: AbortSignal): Promise<Source[]> {
  const { doppler, workspaces } = stage;
  const { tokens, ...generations } = await stage.secrets();
  const next = await nextValues(doppler, generations);
  const tree = await stage.tree();
  const path = workspaces[0]?.facts.seedScript ?? seedScript;
  const keys = new Map(workspaces.map((workspace) => [workspace.name, loginKey(workspace, generations)]));
  const having = workspaces.filter(({ name }) => keys.get(name));
  const calls = seedCalls(
    tree,
    path,
    having.map(({ name }) => name),
  ).map((call) => ({ call, login: next[keys.get(call.of[0] ?? "") ?? ""] ?? "" }));
  const runs = calls.map((one) =>
    seedFromNewMachine(stage, { ...tokens, script: tree.text(path), ...one }, signal),
  );
  const shown = (await Promise.all(runs)).map((watched) => shownBy(scriptName, watched));
  await syncSecrets(having);
  const seeded = calls.flatMap(({ call, login }) => call.of.map((name) => [keys.get(name) ?? "", login]));
  await untilSecretsHold(having, Object.fromEntries(seeded), signal);
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
  { script, call, login, dopplerToken }: SeedLogin,
  signal: AbortSignal,
): Promise<WatchedRun> {
  await machine.write(".local/share/opencode/auth.json", login);
  await machine.write(".doppler/token", dopplerToken);
  await machine.write(scriptName, script, "700");
  const watcher = ["node", "/fixtures/operator.js", `${machine.home}/${scriptName}`, ...call.args];
  const run = readRun(await machine.run(watcher, signal));
  if (run.exitCode === 0) return run;
  throw refused(call, run);
}

/** A script that does not take arguments which nobody has shown is not to blame. */
function refused({ args, of, isShown }: SeedCall, { exitCode, output }: WatchedRun): HarnessError {
  if (
    !isShown &&
    /usage|(unknown|unexpected|unrecognized|invalid|illegal|too many) (arg|opt)/i.test(output)
  ) {
    return new HarnessError(`how ${scriptName} is called for ${of.join(", ")} the harness does not know`, {
      code: "environment",
      details: `with \`${args.join(" ")}\`: ${output}`,
      remedy: "show its call in a document of the tree, in a block of commands",
    });
  }
  return new HarnessError(
    `${scriptName} ends with exit code ${exitCode} and stores no login for ${of.join(", ")}`,
    {
      code: "failed",
      details: output,
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
