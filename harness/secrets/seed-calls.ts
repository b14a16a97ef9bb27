import { posix } from "node:path";
import { lexer, walkTokens } from "marked";
import type { Tree } from "../gitops/index.ts";

/** How a person calls the seed script, and for which of the workspaces that is. */
export interface SeedCall {
  args: string[];
  /** Names of workspaces. */
  of: string[];
  /** Whether a document of the tree shows the call, or the script's text had to do. */
  isShown: boolean;
}

/**
 * The calls of a seed script that store a login for each of these workspaces: as the tree's documents show them, or as
 * the script's own text lets one think. One that names no workspace is for all of them.
 */
export function seedCalls(tree: Tree, path: string, workspaces: readonly string[]): SeedCall[] {
  const shown = shownCalls(tree, posix.basename(path));
  const script = withoutComments(tree.text(path));
  const chosen = workspaces.map((name) => ({ name, ...callFor(name, workspaces, shown, script) }));
  const groups = Map.groupBy(chosen, ({ args }) => JSON.stringify(args));
  return [...groups.values()].map((same) => ({
    args: same[0]?.args ?? [],
    isShown: same.every(({ isShown }) => isShown),
    of: same.map(({ name }) => name),
  }));
}

function callFor(
  name: string,
  workspaces: readonly string[],
  shown: readonly string[][],
  script: string,
): Pick<SeedCall, "args" | "isShown"> {
  const own = namesOf(name);
  const others = workspaces.filter((other) => other !== name).flatMap(namesOf);
  const named = shown.find((args) => args.some((arg) => own.includes(arg)));
  if (named) return { args: named, isShown: true };
  const forAll = shown.find((args) => !args.some((arg) => others.includes(arg)));
  if (forAll) return { args: forAll, isShown: true };
  return { args: guessed(name, script), isShown: false };
}

/** How people call a workspace, shortest first. */
function namesOf(name: string): string[] {
  const last = name.split("/").at(-1) ?? name;
  return [...new Set([last.replace(/^opencode-|-opencode$/, ""), last, name])];
}

/** Options by which nothing is stored, or something else than the login of whoever calls. */
const otherwise = /^(-h|-n|--help|--dry-run|--check|--file|-f)$/;

/** What stands before a command on its line: a prompt, what runs it, a variable for it. Behind other words it is what they act on. */
const before = /^(?:[$%]|sudo|env|time|exec|(?:ba|da|k|z)?sh|-[a-z]+|[A-Za-z_]\w*=\S*)$/;

/** The arguments of each call in code of the tree's Markdown, but of those with something left to fill in. */
function shownCalls(tree: Tree, script: string): string[][] {
  const documents = [...tree.files.keys()].filter((path) => path.endsWith(".md"));
  return documents
    .flatMap((path) => codeOf(tree.text(path)))
    .flatMap((code) => code.split("\n"))
    .flatMap((line) => {
      const command = (line.split(/[;&|#]/)[0] ?? "").trim();
      const words = command.split(/\s+/);
      const at = words.findIndex((word) => posix.basename(word) === script);
      const args = words.slice(at + 1);
      // A list of files tells beside each, in a column of its own, what that is for.
      const isCalled =
        at >= 0 && words.slice(0, at).every((word) => before.test(word)) && !/\s{2}/.test(command);
      const isWhole = args.every((arg) => /^[\w.=:,-]+$/.test(arg) && !otherwise.test(arg));
      return isCalled && isWhole ? [args] : [];
    });
}

/** Blocks of code, and code among words, where one word alone is a name. */
function codeOf(markdown: string): string[] {
  const found: string[] = [];
  walkTokens(lexer(markdown), (token) => {
    if (token.type === "code" || (token.type === "codespan" && /\s/.test(token.text))) found.push(token.text);
  });
  return found;
}

function withoutComments(script: string): string {
  return script.replace(/^\s*#.*$/gm, "");
}

/** What only the script's text tells: its name for the workspace, and that External Secrets is to fetch at once. */
function guessed(name: string, script: string): string[] {
  const outside = script.replace(/^[ \t]*(function\s+)?[\w-]+\s*\(\)\s*\{(.*\}[ \t]*$|[\s\S]*?^\})/gm, "");
  if (!/\$\{?[1-9@*#]|\bgetopts\b/.test(outside)) return [];
  const isWord = (word: string) => script.split(/[^\w/-]+/).includes(word);
  const known = [...namesOf(name), "all"].find(isWord);
  const isNeeded = /\$\{1:?\?|\$#\s*["']?\s*-(eq 0|lt 1|ne 1)/.test(outside);
  const sync = isWord("--sync") ? ["--sync"] : [];
  return [...sync, ...(known ? [known] : isNeeded ? [name.split("/").at(-1) ?? name] : [])];
}
