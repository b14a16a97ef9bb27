import { escapeRegExp } from "../../base/index.ts";

/** A word of a script as a pattern: what the shell puts in is any text; undefined of a word without a variable. */
export function patternOf(word: string): RegExp | undefined {
  const open = word.replaceAll(/\$\([^"]*\)|\$\{?\w+\}?/g, "\0");
  if (!open.includes("\0")) return undefined;
  return new RegExp(`^${open.split("\0").map(escapeRegExp).join(".+")}$`);
}
