import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkoutDir, HarnessError, kubectlBinary } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { runWatched, type Source, type WatchedRun } from "../observe/index.ts";
import type { ShellContext } from "./operator-shell.ts";
import { type Generations, loginKey, nextValues, type RotationStage, untilSecretsHold } from "./rotation.ts";

/** Where the tree has it. */
const seedScript = "scripts/seed-copilot-auth.sh";

interface SeedLogin {
  /** The script's text. */
  script: string;
  workspace: { name: string };
  /** OpenCode's auth.json on the machine of the person who seeds. */
  login: string;
  dopplerUrl: string;
  dopplerToken: string;
  caFile: string;
  kubeconfigFile: string;
}

/** As much of a world as seeding needs. */
export interface SeedStage extends RotationStage {
  readonly run: Pick<SeedLogin, "dopplerUrl" | "caFile" | "kubeconfigFile">;
  secrets(): Promise<Generations & { tokens: { dopplerToken: string } }>;
  tree(): Promise<Tree>;
}

/**
 * Seeds a new login for every workspace, side by side, and waits until its Secret has it. Returns what could be seen of
 * the script meanwhile.
 */
export async function seedLogins(stage: SeedStage, { signal, progress }: ShellContext): Promise<Source[]> {
  const { run, doppler, workspaces } = stage;
  const { tokens, ...generations } = await stage.secrets();
  const next = await nextValues(doppler, generations);
  const script = await scriptOf(await stage.tree(), progress);
  const runs = workspaces.map((workspace) =>
    seedLogin({ ...run, ...tokens, script, workspace, login: next[loginKey(workspace)] ?? "" }, signal),
  );
  const shown = (await Promise.all(runs)).map((watched) => watched.shown);
  const seeded = workspaces.map(loginKey).map((key) => [key, next[key] ?? ""] as const);
  await untilSecretsHold(workspaces, Object.fromEntries(seeded), signal);
  return shown;
}

/** The tree's script; where it has none, that of manifests/, and a note which says so. */
export async function scriptOf({ files }: Tree, progress: ShellContext["progress"]): Promise<string> {
  const inTree = files.get(seedScript)?.content;
  if (inTree) return inTree.toString();
  // A home cluster's tree may do without: the script is for a person's own machine.
  progress.note(
    `the tree has no ${seedScript}: the harness runs its own, so this says nothing about another one`,
  );
  return readFile(join(checkoutDir, "manifests", seedScript), "utf8");
}

/**
 * Seeds a new Copilot login as a person does on a machine of their own: a home with OpenCode's auth.json and a login at
 * Doppler, the `doppler` program (a stand-in of it), the real kubectl. Returns what could be seen of it meanwhile.
 */
async function seedLogin(seed: SeedLogin, signal: AbortSignal): Promise<WatchedRun> {
  const home = await mkdtemp(join(tmpdir(), "seed-login-"));
  try {
    const bin = join(home, "bin");
    const own = { mode: 0o600 };
    await Promise.all(
      [bin, join(home, ".doppler"), join(home, ".local/share/opencode")].map((directory) =>
        mkdir(directory, { recursive: true, mode: 0o700 }),
      ),
    );
    await Promise.all([
      writeFile(join(home, ".local/share/opencode/auth.json"), seed.login, own),
      writeFile(join(home, ".doppler/token"), seed.dopplerToken, own),
      writeFile(join(home, "seed-copilot-auth.sh"), seed.script, { mode: 0o700 }),
      writeFile(join(bin, "doppler"), dopplerProgram, { mode: 0o700 }),
      kubectlBinary().then((kubectl) => symlink(kubectl, join(bin, "kubectl"))),
    ]);
    await chmod(home, 0o700);
    const run = await runWatched(
      "seed-copilot-auth.sh",
      {
        file: join(home, "seed-copilot-auth.sh"),
        args: ["--sync", seed.workspace.name.replace(/^opencode-/, "")],
        directory: home,
        env: {
          PATH: `${bin}:/usr/bin:/bin`,
          HOME: home,
          TMPDIR: home,
          KUBECONFIG: seed.kubeconfigFile,
          DOPPLER_API_HOST: seed.dopplerUrl,
          NODE_EXTRA_CA_CERTS: seed.caFile,
        },
      },
      signal,
    );
    if (run.exitCode === 0) return run;
    throw new HarnessError(
      `${seedScript} ends with exit code ${run.exitCode} and stores no login for ${seed.workspace.name}`,
      {
        code: "failed",
        details: run.output,
        remedy: "run it by hand with --dry-run; it needs doppler and kubectl (pitfall 10)",
      },
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const dopplerProgram = `#!/bin/sh
exec '${process.execPath}' --disable-warning=ExperimentalWarning '${join(checkoutDir, "fixtures/doppler/cli.ts")}' "$@"
`;
