import { resolve } from "node:path";
import { exitCodes } from "../base/index.ts";
import type { CheckResult } from "../check/index.ts";
import { paintFor, quoted, toJson, writeRedacted } from "../report/index.ts";
import type { CommandContext } from "./context.ts";

export interface CheckOptions {
  manifests: string;
  outside?: string | undefined;
  json?: string | undefined;
  sarif?: string | undefined;
}

/**
 * Says what of a tree cannot work, without a cluster: for people, as JSON, as SARIF, and as GitHub's annotations where
 * GitHub runs it. Exit code 1 where something is broken; what its owner is to judge does not count.
 */
export async function checkCommand(context: CommandContext, options: CheckOptions): Promise<number> {
  const { manifests, outside, json, sarif } = options;
  const { stdout, env, signal } = context;
  const check = await import("../check/index.ts");
  const result = await check.checkTree({ manifests, outside, signal });
  const root = env.GITHUB_WORKSPACE ?? process.cwd();
  if (json !== undefined) await write(context, json, check.checkJson(result, process.cwd()));
  if (sarif !== undefined) await write(context, sarif, check.sarif(result, root));
  if (json !== "-" && sarif !== "-") {
    const paint = paintFor({ isTTY: stdout.isTTY === true, env });
    stdout.write(quoted(check.checkText(result, { directory: process.cwd(), paint }), env));
    if (env.GITHUB_ACTIONS === "true") stdout.write(check.annotations(result, root));
  }
  return isBroken(result) ? exitCodes.failed : 0;
}

async function write({ stdout }: CommandContext, file: string, value: unknown): Promise<void> {
  if (file === "-") stdout.write(toJson(value));
  else await writeRedacted(resolve(file), toJson(value));
}

const isBroken = ({ findings }: CheckResult) => findings.some(({ severity }) => severity === "error");
