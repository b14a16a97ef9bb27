import { createContext, Script } from "node:vm";

/*
 * Patterns that stand in a tree. Whoever has written one may have made it so that it is tried for years, and nothing else
 * happens meanwhile, not even Ctrl-C; nobody can stop a pattern but a context that has a time of its own.
 */

const longestMs = 1_000;
const context = createContext(Object.create(null));
const trial = new Script("new RegExp(pattern).test(text)");
const tooLong = new Set<string>();

/**
 * Whether a pattern that is anybody's is in the text. Go's are near enough to ours; undefined for what is none here, and for
 * what takes longer than a second.
 */
export function isInText(pattern: string, text: string): boolean | undefined {
  if (tooLong.has(pattern)) return undefined;
  try {
    return trial.runInContext(Object.assign(context, { pattern, text }), { timeout: longestMs });
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    if (code === "ERR_SCRIPT_EXECUTION_TIMEOUT") tooLong.add(pattern);
    // Of that context, and so no instance of ours.
    else if (name !== "SyntaxError") throw error;
    return undefined;
  }
}
