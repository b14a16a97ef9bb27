import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { cacheId, HarnessError } from "../base/index.ts";
import { privateEngineHost } from "./private-place.ts";

/*
 * What the private engine needs of the machine's network, and all that it changes there: a bridge of its own, in place of
 * docker0, which is the machine's Docker's, and one rule. On machines that forward nothing by default, as Docker leaves
 * them, packets between two containers on one bridge are dropped too; the rule names our bridges and no others.
 */

/** An interface's name has 15 characters at most; this cache's begin alike. */
const prefix = () => `oh${cacheId().slice(0, 4)}-`;

/** The bridge for containers that name no network. */
export const defaultBridge = () => `${prefix()}0`;

/** Driver options for a network that is created on the engine of this process: the private one knows it by its name. */
export function bridgeOptions(): Record<string, string> {
  if (process.env.DOCKER_HOST !== privateEngineHost()) return {};
  return { "com.docker.network.bridge.name": `${prefix()}${randomBytes(4).toString("hex")}` };
}

/**
 * Makes the bridge, and lets packets pass between containers of this cache. What is there is fine.
 * @throws HarnessError `environment` when the machine allows no bridge
 */
export async function prepareNetwork(env: NodeJS.ProcessEnv): Promise<void> {
  await addBridge(env);
  // Where there is no iptables nothing stops them.
  if (!(await rule("--check", env))) await rule("--insert", env);
}

/** Takes both back; fine where they are not. */
export async function restoreNetwork(env: NodeJS.ProcessEnv): Promise<void> {
  await rule("--delete", env);
  await ip(["link", "delete", defaultBridge()], env);
}

async function addBridge(env: NodeJS.ProcessEnv): Promise<void> {
  const { exitCode } = await ip(["link", "show", defaultBridge()], env);
  if (exitCode === 0) return;
  const added = await ip(["link", "add", "name", defaultBridge(), "type", "bridge"], env);
  if (added.exitCode === 0) return;
  throw new HarnessError("this machine allows no network bridge, which a container engine needs", {
    code: "environment",
    remedy: "Run on a machine, or in a container, with --privileged. Or start Docker yourself.",
    details: added.stderr || added.message || "",
  });
}

type Act = "--check" | "--insert" | "--delete";

async function rule(act: Act, env: NodeJS.ProcessEnv): Promise<boolean> {
  const ours = `${prefix()}+`;
  const match = ["--in-interface", ours, "--out-interface", ours];
  const why = ["--match", "comment", "--comment", "opencode-harness"];
  const args = ["--wait", act, "FORWARD", ...match, ...why, "--jump", "ACCEPT"];
  return (await execa("iptables", args, quietly(env))).exitCode === 0;
}

const ip = (args: string[], env: NodeJS.ProcessEnv) => execa("ip", args, quietly(env));

const quietly = (env: NodeJS.ProcessEnv) =>
  ({ env, extendEnv: false, reject: false, timeout: 10_000 }) as const;
