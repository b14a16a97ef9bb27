import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkoutDir, HarnessError, kubectlBinary } from "../base/index.ts";
import { runWatched, type WatchedRun } from "../observe/index.ts";

/** Where the tree has it. */
export const seedScript = "scripts/seed-copilot-auth.sh";

/** The key of Doppler to which the script writes for this workspace. */
export const loginKey = ({ name }: { name: string }): string =>
  `${name.toUpperCase().replaceAll("-", "_")}_COPILOT_AUTH_JSON`;

export interface SeedLogin {
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

/**
 * Seeds a new Copilot login as a person does on a machine of their own: a home with OpenCode's auth.json and a login at
 * Doppler, the `doppler` program (a stand-in of it), the real kubectl. Returns what could be seen of it meanwhile.
 */
export async function seedLogin(seed: SeedLogin, signal: AbortSignal): Promise<WatchedRun> {
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
