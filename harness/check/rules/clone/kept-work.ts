import { escapeRegExp, innermostMount } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { branchesOf, type Stretch } from "../../reading/branches.ts";
import {
  type GitCommand,
  gitCommands,
  isMissing,
  isOrHolds,
  isThere,
  losingWords,
  placesOfClone,
  plainPath,
  withoutWords,
} from "../../reading/clone-commands.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { directoryAt } from "../../reading/script-paths.ts";
import { isConditional, named, type Script, scriptsIn, withoutFunctions } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

const ends = /\b(exit|return|exec|continue|break)\b/;
const asksGit = /\bif\s+(?:\/\S*\/)?git\s[^\n]*\b(?:rev-parse|status|fsck)\b/;
const asksGitNot = /\bif\s+!\s+(?:\/\S*\/)?git\s[^\n]*\b(?:rev-parse|status|fsck)\b/;

/** `[ -d "$repo/.git" ] && {`, and what the shell does then: up to the end of the line, or to the brace that ends it. */
const shortQuestion =
  /(?:\[{1,2}|\btest)\s+(?<not>!\s*)?-[de]\s+["']?[^\s"']*\.git\b(?!hub)["']?\s*\]{0,2}\s*(?<link>&&|\|\|)\s*(?<body>\{[ \t]*\n(?:[^\n]*\n)*?[ \t]*\}|[^\n]*)/g;

/** The stretches of a script that are run where the clone is there, and those where it has just been made. */
function lives(text: string): { kept: Stretch[]; fresh: Stretch[] } {
  const found = branchesOf(text, isThere) ?? branchesOf(text, asksGit);
  const missing = found ? undefined : (branchesOf(text, isMissing) ?? branchesOf(text, asksGitNot));
  const kept = [found?.yes, missing?.no].filter((one) => one !== undefined);
  const fresh = [found?.no, missing?.yes].filter((one) => one !== undefined);
  for (const { groups = {}, 0: all, index } of text.matchAll(shortQuestion)) {
    const to = index + all.length;
    const isKept = (groups.link === "&&") === (groups.not === undefined);
    (isKept ? kept : fresh).push({ from: to - (groups.body ?? "").length, to });
  }
  const last = kept.filter(({ from, to }) => ends.test(text.slice(from, to))).map(({ to }) => to);
  if (last.length > 0) fresh.push({ from: Math.min(...last), to: text.length });
  return { kept, fresh };
}

const isIn = (stretches: readonly Stretch[], at: number): Stretch | undefined =>
  stretches.find(({ from, to }) => from <= at && at < to);

/** What changes where the work stands, and loses nothing of its files. */
const moving =
  /^(?:(?:checkout|switch)(?=\s)|(?:reset|cherry-pick|revert|am|update-ref|rm)(?=\s|$)|submodule\s+(?:-\S+\s+)*(?:update|deinit)\b|branch\s+(?:\S+\s+)*?(?:-\w*[DMf]\w*|--force)(?!\S)|worktree\s+(?:remove|prune)\b|reflog\s+expire\b|gc\s+(?:\S+\s+)*?--prune)/;

/** What is fetched first is no question. */
const noQuestions = /\bgit\b[^\n&|]*\sfetch\b[^\n&|]*&&|\bcd\s[^\n&|]*&&/g;

/** Whether a script comes to one of its commands at each start, with the clone of the last one. */
function isEachStart(text: string, { index }: GitCommand): boolean {
  const { kept, fresh } = lives(text);
  if (isIn(fresh, index)) return false;
  const from = isIn(kept, index)?.from ?? 0;
  const blank = (words: string) => " ".repeat(words.length);
  const before = text.slice(from, index).replaceAll(noQuestions, blank);
  const line = text.slice(text.lastIndexOf("\n", index) + 1).split("\n")[0] ?? "";
  return !isConditional(before, before.length) && !/\sclone\s/.test(line);
}

/** Whether it is the clone on the claim that git is told to work on, as far as the script says. */
function isOfClaim(
  { text, container, workspace, isClone }: Script,
  { directory, index }: GitCommand,
): boolean {
  const { made, end } = placesOfClone(text) ?? {};
  const path = directory === undefined ? directoryAt(text, index) : plainPath(directory);
  if (path === undefined || !path.startsWith("/") || path.includes("$")) return isClone && path !== made;
  const mount = innermostMount(container.volumeMounts, path);
  const isOnClaim = workspace.facts.claims.some(({ mounts }) =>
    mounts.some((one) => one.container === container.name && one.path === mount?.mountPath),
  );
  return isOnClaim && (path !== made || made === end);
}

function moved(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { facts } = script.workspace;
    const { name } = script.container;
    if (!facts.initContainers.includes(name) && name !== facts.container) return [];
    const text = withoutFunctions(withoutWords(script.text));
    const found = gitCommands(text).find(
      (one) =>
        moving.test(one.command) &&
        losingWords(one) === undefined &&
        isEachStart(text, one) &&
        isOfClaim(script, one),
    );
    if (!found) return [];
    const [words = ""] = moving.exec(found.command) ?? [];
    const [verb = ""] = words.split(/\s/);
    return {
      message: `${named(script)} runs git ${words} on the clone that is there: each start takes branch, index or submodules away from where they were left`,
      remedy: "leave the clone alone once it is there; do it to the new clone, before it is moved into place",
      ...script.at(new RegExp(`\\bgit\\b.*\\s${escapeRegExp(verb)}\\b`)),
    };
  });
}

const removing = /(?<=^|[\s;&|({])rm\s+([^\n;&|)]*)/gm;

/** A clone is made beside, and what stands in its place is not moved aside: of a .git that is a file, or was renamed, the work goes too. */
function removed(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { made, end } = placesOfClone(script.text) ?? {};
    if (end === undefined || made === end || !script.isClone) return [];
    const text = withoutWords(script.text).replaceAll(/'[^'\n]*'/g, (quoted) => "_".repeat(quoted.length));
    const asked = text.search(/\.git\b(?!hub)["']?\s*\]|rev-parse|\bgit\b[^\n]*\s(status|fsck)\b/);
    const aside = [...text.matchAll(/\bmv\s+(?:-[\w-]*\s+)*(\S+)/g)].find(
      ([, from = ""]) => plainPath(from) === end,
    );
    // Of what is known to be empty nothing is lost.
    if (/\bls\s+-\w*A|\s-empty\b/.test(text)) return [];
    const found = [...text.matchAll(removing)].find(({ 1: rest = "", index }) => {
      const words = rest.split(/\s+/);
      const isDeep = words.some((word) => /^-\w*[rR]|^--recursive$/.test(word));
      const holds = words.map(plainPath).some((path) => isOrHolds(path, end) || path === `${end}/.git`);
      return isDeep && holds && index > asked && (aside === undefined || index < aside.index);
    });
    if (!found) return [];
    return {
      message: `${named(script)} removes ${end} where it finds no whole clone there: what somebody has written into it is gone`,
      remedy: `move it aside: mv "${end}" "${end}.without-git.$(date +%s)"`,
      ...script.at(
        /-[de]\s.*\.git\b|rev-parse/,
        /\brm\s+-\w*[rR](?!.*\.(partial|part|tmp|new|incomplete)\b)/,
      ),
    };
  });
}

/** What a start leaves alone of a clone that is there, or of what is in its place. */
export const keptWorkRules = [
  rule({
    id: "work-moved",
    title: "no start takes the work elsewhere",
    pitfalls: [2],
    severity: "warning",
    find: moved,
  }),
  rule({
    id: "work-removed",
    title: "what is in the clone's place is moved aside",
    pitfalls: [2],
    severity: "warning",
    find: removed,
  }),
];
