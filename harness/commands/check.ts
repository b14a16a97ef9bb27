import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import { exitCodes, HarnessError, printable, redact } from "../base/index.ts";
import type { CheckResult, TouchedScenario } from "../check/index.ts";
import { repositoryRoot } from "../gitops/index.ts";
import { jsonToPrint, paintFor, quoted, toJson, writeRedacted } from "../report/index.ts";
import { loadScenarios } from "../scenario/index.ts";
import type { CommandContext } from "./context.ts";
import { usualBase } from "./usual-base.ts";

export interface CheckOptions {
  manifests: string;
  outside?: string | undefined;
  base?: string | undefined;
  json?: string | undefined;
  sarif?: string | undefined;
}

/**
 * Says what of a tree cannot work, without a cluster, and with a base what of it has changed: for people, as JSON, as SARIF,
 * and as annotations and a summary where GitHub runs it. Exit code 1 where something is broken; what its owner is to judge
 * does not count.
 */
export async function checkCommand(context: CommandContext, options: CheckOptions): Promise<number> {
  const { json, sarif } = options;
  const { stdout, env } = context;
  const check = await import("../check/index.ts");
  const result = await checked(context, options);
  const touched = await touchedBy(context, result);
  // GitHub knows files by their way from the root of their repository, wherever that was checked out.
  const root = (await repositoryRoot(options.manifests)) ?? process.cwd();
  const isGitHub = env.GITHUB_ACTIONS === "true";
  if (json !== undefined) await write(context, json, check.checkJson(result, process.cwd(), touched));
  if (sarif !== undefined) await write(context, sarif, check.sarif(result, root));
  if (json !== "-" && sarif !== "-") {
    const paint = paintFor({ isTTY: stdout.isTTY === true, env });
    const text = check.checkText(result, { directory: process.cwd(), paint, touched });
    stdout.write(quoted(printable(redact(text)), env));
    if (isGitHub) stdout.write(redact(check.annotations(result, root)));
  }
  if (isGitHub && env.GITHUB_STEP_SUMMARY)
    await appendFile(
      env.GITHUB_STEP_SUMMARY,
      redact(check.checkMarkdown(result, { directory: root, touched })),
    );
  return isBroken(result) ? exitCodes.failed : 0;
}

/** A base that nobody has asked for may be missing: a checkout of GitHub's has one commit if nothing else is said. */
async function checked(
  context: CommandContext,
  { manifests, outside, base }: CheckOptions,
): Promise<CheckResult> {
  const { checkTree } = await import("../check/index.ts");
  const { env, signal, stderr } = context;
  const options = { manifests, outside, signal, isOfAllFiles: true };
  const usual = usualBase(env);
  if (base !== undefined || usual === undefined) return checkTree({ ...options, base });
  try {
    return await checkTree({ ...options, base: usual });
  } catch (error) {
    if (!(error instanceof HarnessError) || !error.message.startsWith(usual)) throw error;
    stderr.write(quoted(printable(`not compared: ${error.message}\n${error.remedy ?? ""}\n`), env));
    return checkTree(options);
  }
}

async function touchedBy(
  { scenariosDir }: CommandContext,
  { comparison }: CheckResult,
): Promise<TouchedScenario[]> {
  if (!comparison) return [];
  const { touchedScenarios } = await import("../check/index.ts");
  return touchedScenarios(await loadScenarios(scenariosDir), comparison.touches);
}

async function write({ stdout, env }: CommandContext, file: string, value: unknown): Promise<void> {
  if (file !== "-") return writeRedacted(resolve(file), toJson(value));
  stdout.write(jsonToPrint(value, env));
}

const isBroken = ({ findings }: CheckResult) => findings.some(({ severity }) => severity === "error");
