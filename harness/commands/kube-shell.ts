import { delimiter, dirname } from "node:path";
import { execa } from "execa";
import { kubectlBinary } from "../base/index.ts";

/** A shell of the user's own on this terminal, with our kubectl on its path and the cluster as the one it talks to. */
export async function kubeShell(kubeconfig: string, env: NodeJS.ProcessEnv): Promise<void> {
  const kubectl = dirname(await kubectlBinary());
  await execa(env.SHELL || "sh", [], {
    stdio: "inherit",
    reject: false,
    env: { ...env, KUBECONFIG: kubeconfig, PATH: [kubectl, env.PATH].filter(Boolean).join(delimiter) },
  });
}
