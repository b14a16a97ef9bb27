import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { redact } from "../base/index.ts";

/** results/<run>/: all that one run leaves behind. */
export interface RunDirectory {
  readonly path: string;
  /** Writes a file below the directory, redacted. */
  writeText(name: string, text: string): Promise<void>;
  writeJson(name: string, value: unknown): Promise<void>;
}

export async function createRunDirectory(resultsDir: string, runId: string): Promise<RunDirectory> {
  const path = join(resultsDir, runId);
  await mkdir(path, { recursive: true });
  const writeText = (name: string, text: string) => writeRedacted(join(path, name), text);
  return { path, writeText, writeJson: (name, value) => writeText(name, toJson(value)) };
}

/** Writes the text, redacted; makes the directories above it. */
export async function writeRedacted(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, redact(text));
}

/** The same for standard output, redacted. */
export function jsonToPrint(value: unknown, env: NodeJS.ProcessEnv): string {
  const text = redact(toJson(value));
  // GitHub's runner also takes commands in the middle of a line; in JSON the sign can be written otherwise.
  return env.GITHUB_ACTIONS === "true" ? text.replaceAll("##[", "\\u0023\\u0023[") : text;
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
