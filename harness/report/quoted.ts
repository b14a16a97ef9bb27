import { randomBytes } from "node:crypto";

/**
 * Text that may have anybody's words in it, for standard output: where GitHub's runner reads that, it takes no line of the
 * text for a command to itself. What `.ci/quoted` does for a whole command.
 */
export function quoted(text: string, env: NodeJS.ProcessEnv): string {
  if (env.GITHUB_ACTIONS !== "true") return text;
  const word = randomBytes(16).toString("hex"); // nobody can know it
  return `::stop-commands::${word}\n${text}\n::${word}::\n`;
}
