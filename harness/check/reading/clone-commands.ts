import { escapeRegExp, isAtOrBelow } from "../../base/index.ts";

/* What git, and what follows it, does to a clone. */

/** What git is given as its credential helper; "" where it has none. */
export function credentialHelper(text: string): string {
  const [, double, single] = /credential\.helper=(?:"([^"\n]*)"|'([^'\n]*)')/.exec(text) ?? [];
  return double ?? single ?? "";
}

/** What a script says; what it says is no command. */
const said = /\b(?:echo|printf)\s(?:"[^"]*"|'[^']*'|[^\n;&|"'])*/g;

/** A script with blanks in the place of its words for people: what is found in it stands where it stood. */
export const withoutWords = (text: string): string =>
  text.replaceAll(said, (words) => " ".repeat(words.length));

/** Git's clone; no `.git`, after which something speaks of a clone. */
const cloning = /(?<![\w.])git\b[^\n]*\sclone\b/g;

/** Where git clones, in a script or a part of one. */
export const clonings = (text: string): number[] =>
  [...withoutWords(text).matchAll(cloning)].map(({ index }) => index);

/** A script without what it says, and with what another program is to run as one word: both where they stood. */
export const withoutQuoted = (text: string): string =>
  withoutWords(text.replaceAll(/'[^'\n]*'/g, (quoted) => "_".repeat(quoted.length)));

export interface GitCommand {
  /** The verb and what follows it, to the end of the command. */
  command: string;
  /** Where git is told to work (`-C`). */
  directory: string | undefined;
  index: number;
}

/** What a script lets git do, in its order. */
export const gitCommands = (text: string): GitCommand[] =>
  [
    ...withoutWords(text).matchAll(
      /(?<=^|[\s;&|(`!])(?:\/\S*\/)?git\s+((?:\\\n\s*|-[Cc]\s+(?:"[^"]*"|'[^']*'|[^\s"'])+\s+|-(?![Cc]\s)[\w-]+(?:=\S+)?\s+)*)([a-z][^\n;&|)]*)/gm,
    ),
  ].map(({ 1: options = "", 2: command = "", index }) => ({
    command: command.trim(),
    directory: /(?:^|\s)-C\s+["']?([^\s"']+)/.exec(options)?.[1],
    index,
  }));

/** A path as a shell has it: without quotes, braces and a last slash. */
export const plainPath = (path: string): string => path.replaceAll(/["'{}]/g, "").replace(/\/$/, "");

/** Options of `git clone` that are followed by a value. */
const valued = new Set("-b --branch --depth -o --origin -c --config --reference -j --jobs".split(" "));

/** The two words of a clone that are no options: from where, and to where. */
function wordsOf(command: string): string[] {
  const words = command.trim().split(/\s+/);
  return words.filter((word, index) => !/^-|^\d?>/.test(word) && !valued.has(words[index - 1] ?? ""));
}

/** From where a script clones: the words of its commands, each once. */
export const clonedFrom = (text: string): Set<string> =>
  new Set(
    gitCommands(text)
      .filter(({ command }) => /^clone\b/.test(command))
      .map(({ command }) => wordsOf(command.slice("clone".length))[0] ?? ""),
  );

/** Where a clone is made, and where it ends: what the `mv` of it makes, else what git was told. */
export function placesOfClone(text: string): { made: string; end: string } | undefined {
  const masked = withoutQuoted(text);
  const [, command = ""] = /(?<![\w.])git\b[^\n]*\sclone\s+([^\n;&|]*)/.exec(masked) ?? [];
  const [, target] = wordsOf(command);
  if (target === undefined) return undefined;
  // Of `(cd … && git clone …)` the last one is the shell's.
  const made = plainPath(target.replace(/^([^()]*)\)+$/, "$1"));
  const moves = [...masked.matchAll(/\bmv\s+(?:-[\w-]*\s+)*(\S+)\s+([^\s;&|)]+)/g)];
  // What is looked for where it is made is there to stay; what is moved from there was something else.
  const isAskedFor = new RegExp(`-[def]\\s+${escapeRegExp(made)}/\\.git`).test(
    masked.replaceAll(/["{}]/g, ""),
  );
  const moved = isAskedFor ? undefined : moves.find(([, from = ""]) => plainPath(from) === made)?.[2];
  return { made, end: moved === undefined ? made : plainPath(moved) };
}

/** What git does to the working tree without asking whose it is. */
const losing =
  /^(?:reset\s+--hard|checkout\s+(?:-f\b|--force|--(?=\s)|\.(?!\S))|switch\s+(?:-f\b|--force|--discard-changes)|restore\b(?!.*\s(?:--staged|-S)\b)|stash\b(?!\s+(?:list|show|apply|pop|create|store|drop)\b)|clean\b(?!.*\s(?:-\w*n|--dry-run))(?:\s+\S+)*?\s+(?:-\w*f|--force))/;

/** The words of a command of git that lose what was not committed; undefined of others. */
export const losingWords = ({ command }: GitCommand): string | undefined => losing.exec(command)?.[0];

/** The first words of git that lose work, and where they stand. */
export function losesWork(text: string): { words: string; index: number } | undefined {
  const [found] = gitCommands(text).flatMap((one) => {
    const words = losingWords(one);
    return words === undefined ? [] : { words, index: one.index };
  });
  const isBroughtBack = found?.words === "stash" && /\bstash\s+(pop|apply)\b/.test(text);
  return found && !isBroughtBack ? found : undefined;
}

/** Whether a path is another, or a directory above it: `/work/*` is all that is in it. */
export function isOrHolds(removed: string, path: string): boolean {
  const directory = removed.replace(/\/\*?$/, "");
  return directory.length > 1 && isAtOrBelow(path, directory);
}

/** The question whether the clone is there. */
export const isThere = /\bif\s+(?:\[{1,2}|test)\s+-[de]\s+["']?[^\s"']*\.git\b(?!hub)["']?\s*\]{0,2}/;
/** The question whether it is not. */
export const isMissing =
  /\bif\s+(?:(?:\[{1,2}|test)\s+!\s*|!\s+(?:\[{1,2}|test)\s+)-[de]\s+["']?[^\s"']*\.git\b(?!hub)["']?\s*\]{0,2}/;
