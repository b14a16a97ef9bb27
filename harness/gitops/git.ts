import { ExecaError, execa } from "execa";
import { HarnessError } from "../base/index.ts";

/** Variables of a git that calls us (a hook) would point our own git at its repository. */
function withoutGitVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
}

/** Environment of a git that must do the same on every machine: no configuration but what the call gives. */
export function isolated(): NodeJS.ProcessEnv {
  return {
    ...withoutGitVariables(),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
}

/** Environment of a git that reads a person's working tree as that person's own git would. */
export function asTheUser(): NodeJS.ProcessEnv {
  return { ...withoutGitVariables(), GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
}

/**
 * Runs git; throws execa's error, which says what ran and what it printed.
 *
 * @throws HarnessError `usage` where it takes longer than `timeout` milliseconds
 */
export async function git(
  args: string[],
  options: { env: NodeJS.ProcessEnv; cwd?: string; input?: Buffer; timeout?: number },
): Promise<string> {
  try {
    const { stdout } = await execa("git", args, { ...options, extendEnv: false, stripFinalNewline: true });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError) || !error.timedOut) throw error;
    throw new HarnessError(`git does not come to an end in ${options.cwd ?? "its repository"}`, {
      code: "usage",
      remedy: "look in its .gitignore for a pattern with many ** or *, which can be tried without end",
      cause: error,
    });
  }
}
