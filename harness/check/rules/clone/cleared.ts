import { matchesGlob } from "node:path/posix";
import { withoutQuoted } from "../../reading/clone-commands.ts";

/** Commands that take a thing away, or put it elsewhere. */
const removing =
  /(^|[\s;&|({!])(rm|rmdir|unlink|mv|find|rsync|shred|trash)\s|\brmtree\(|\bgit\b[^\n]*\s(clean|init)\b/;

/** Functions of a script that take away, or put elsewhere, what they are given. */
export const clearingFunctions = (script: string): string[] =>
  [...script.matchAll(/^[ \t]*(?:function\s+)?([\w-]+)\s*\(\)\s*\{(.*\}[ \t]*$|[\s\S]*?^[ \t]*\})/gm)]
    .filter(([, , body = ""]) => removing.test(` ${body}`))
    .map(([, name = ""]) => name);

/**
 * Whether a part of a script takes away what is at `place` (as the script writes it, `"$repo.partial"` for instance), by
 * itself, with what it lies in, or by a pattern of names; by whichever command, or a function of the script that has one.
 */
export function clears(part: string, place: string): boolean {
  const functions = clearingFunctions(part);
  return part
    .split(/\n|;|&&|\|\|/)
    .filter((command) => !/^\s*#/.test(command))
    .some((command) => {
      const words = wordsOf(command);
      const isRemoving =
        removing.test(` ${withoutQuoted(command)}`) || words.some((word) => functions.includes(word));
      return isRemoving && words.some((word) => holds(word, place, words));
    });
}

function wordsOf(command: string): string[] {
  return command
    .replaceAll(/["'`()]/g, " ")
    .trim()
    .split(/[\s,]+/)
    .map(plain);
}

/** `${repo}` is `$repo`, and a slash at the end says nothing. */
function plain(word: string): string {
  return word.replaceAll(/\$\{(\w+)\}/g, "$$$1").replace(/(?<=.)\/$/, "");
}

/** Whether a word of a command names the place, what it lies in, or with a pattern such as `*.partial` its name. */
function holds(word: string, written: string, words: readonly string[]): boolean {
  const place = plain(written);
  if (word === place || (word.length > 1 && place.startsWith(`${word}/`))) return true;
  if (!word.includes("*")) return false;
  const name = place.split("/").at(-1) ?? place;
  const isName = words.some((one) => one === "-name");
  return matchesGlob(isName ? name : place, word) || (!word.includes("/") && matchesGlob(name, word));
}
