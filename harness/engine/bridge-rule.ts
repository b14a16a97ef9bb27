import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { cacheId } from "../base/index.ts";
import { privateEngineHost } from "./private-place.ts";

/*
 * The one thing in the firewall that the private engine needs. On machines that forward nothing by default, as Docker
 * leaves them, packets between two containers on one bridge are dropped too. The rule names our bridges and no others.
 */

/** An interface's name has 15 characters at most; this cache's begin alike. */
const prefix = () => `oh${cacheId().slice(0, 4)}-`;

/** Driver options for a network that is created on the engine of this process: the private one knows it by its name. */
export function bridgeOptions(): Record<string, string> {
  if (process.env.DOCKER_HOST !== privateEngineHost()) return {};
  return { "com.docker.network.bridge.name": `${prefix()}${randomBytes(4).toString("hex")}` };
}

type Act = "--check" | "--insert" | "--delete";

/** Lets packets pass between containers of this cache. Where there is no iptables nothing stops them. */
export async function letBridgesForward(env: NodeJS.ProcessEnv): Promise<void> {
  if (!(await rule("--check", env))) await rule("--insert", env);
}

/** Takes it back; fine where it is not. */
export async function forgetBridges(env: NodeJS.ProcessEnv): Promise<void> {
  await rule("--delete", env);
}

async function rule(act: Act, env: NodeJS.ProcessEnv): Promise<boolean> {
  const ours = `${prefix()}+`;
  const match = ["--in-interface", ours, "--out-interface", ours];
  const why = ["--match", "comment", "--comment", "opencode-harness"];
  const run = await execa("iptables", ["--wait", act, "FORWARD", ...match, ...why, "--jump", "ACCEPT"], {
    env,
    extendEnv: false,
    reject: false,
    timeout: 10_000,
  });
  return run.exitCode === 0;
}
