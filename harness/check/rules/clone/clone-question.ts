import { escapeRegExp } from "../../../base/index.ts";
import { branchOf } from "../../reading/branches.ts";
import {
  clonings,
  credentialHelper,
  isThere,
  placesOfClone,
  plainPath,
  withoutWords,
} from "../../reading/clone-commands.ts";
import { cloneLine, eachClone, named } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** What makes a .git that is no directory of the clone's own. */
const linked = /\b(ln|worktree)\s|--(bare|mirror|separate-git-dir)\b/;

/** `$repo.git` for `$repo/.git`: never there, so that each start clones, or stumbles over the clone. */
const asksElsewhere = eachClone((script) => {
  const { text } = script;
  const end = placesOfClone(text)?.end;
  const asked = [
    ...text.matchAll(/(?:\[{1,2}|\btest)\s+!?\s*-[de]\s+["']?([^\s"'\]]*\.git(?:\/\S*?)?)["']?(?=[\s\]])/g),
  ].map(([, path = ""]) => plainPath(path));
  const isRelative = asked.some((path) => path.startsWith(".git"));
  if (
    end === undefined ||
    asked.length === 0 ||
    isRelative ||
    asked.some((path) => path === end || path.startsWith(`${end}/.git`)) ||
    // What is copied or linked there is not looked into.
    /\b(cp|rsync|tar)\s/.test(text) ||
    linked.test(text)
  )
    return undefined;
  // Of names that only the running script knows nothing is said, but where a slash is all that is missing.
  const isSlip = asked.some((path) => path === `${end}.git`);
  if (!isSlip && ![end, ...asked].every((path) => path.startsWith("/") && !path.includes("$")))
    return undefined;
  return {
    message: `${named(script)} asks for ${asked[0]}, and clones to ${end}: it never finds its clone, and the work is moved away or in the way`,
    remedy: 'ask for "$repo/.git" of the directory that the clone ends in',
    ...script.at(/-[de]\s.*\.git\b/),
  };
});

/** In a clone .git is a directory: `-f` says no where there is one, and each start clones. */
const asksForAFile = eachClone((script) => {
  const { text } = script;
  const asked = [...text.matchAll(/(?:\[{1,2}|\btest)\s+!?\s*-(\w)\s+["']?[^\s"'\]]*\.git["']?(?=[\s;\]])/g)];
  const [wrong] = asked.map(([, kind = ""]) => kind).filter((kind) => /[fhLSp]/.test(kind));
  if (wrong === undefined || asked.some(([, kind = ""]) => /[des]/.test(kind))) return undefined;
  // Of those .git is a file.
  if (linked.test(text) || /\bsubmodule\s/.test(text)) return undefined;
  return {
    message: `${named(script)} asks with -${wrong} for .git, which is a directory in a clone: it never finds its clone, and the work is moved away or in the way`,
    remedy: 'write [ -d "$repo/.git" ]',
    ...script.at(/-[fhLSp]\s.*\.git\b/),
  };
});

/** The question for .git has an answer, and the script goes on to clone all the same. */
const goesOnToClone = eachClone((script) => {
  const { text } = script;
  const branch = branchOf(text, isThere);
  if (branch === undefined || /\b(exit|return|exec|clone|continue|break)\b|=/.test(withoutWords(branch)))
    return undefined;
  const rest = text.slice(text.indexOf(branch, text.search(isThere)) + branch.length);
  const isAskedAgain = /!\s*-[de]\s+["']?[^\s"']*\.git/.test(rest);
  const [next] = clonings(rest);
  const before = rest.slice(0, next ?? -1);
  const count = (word: string) =>
    before.match(new RegExp(`(?<![^\\s;])${escapeRegExp(word)}(?![^\\s;])`, "g"))?.length ?? 0;
  // The first fi is that of the question.
  const isGuarded = count("if") > count("fi") - 1 || /(&&|\|\|)[^\n]*$/.test(before);
  if (isGuarded || !/^\s*fi\b/.test(rest) || next === undefined || isAskedAgain) return undefined;
  return {
    message: `${named(script)} clones also where the clone is there: it only says so, and goes on`,
    remedy: "end with exit 0 there, or clone in the else",
    ...script.at(/-[de]\s.*\.git\b/),
  };
});

/** A credential helper says `password=`, or git gets none. */
const saysNothing = eachClone((script) => {
  const body = credentialHelper(script.text);
  if (!/^\s*!/.test(body) || !/\b(echo|printf|cat)\b/.test(body) || /password=/.test(body)) return undefined;
  // A file may hold the whole answer.
  if (/\bcat\b/.test(body) && !/\becho\b|\bprintf\b/.test(body)) return undefined;
  return {
    message: `${named(script)} has a credential helper that says no password=: git asks nobody, and the clone fails`,
    remedy: 'let it say username= and password=: echo "password=$(cat …)"',
    ...script.at(cloneLine),
  };
});

/** What a script that clones asks, and is told. */
export const cloneQuestionRules = [
  rule({
    id: "clone-not-found",
    title: "the clone is looked for where it is",
    pitfalls: [2],
    find: (inspected) => [...asksElsewhere(inspected), ...asksForAFile(inspected)],
  }),
  rule({
    id: "clone-in-any-case",
    title: "a clone that is there ends the question",
    pitfalls: [2],
    find: goesOnToClone,
  }),
  rule({ id: "helper-without-password", title: "git gets the token", pitfalls: [3], find: saysNothing }),
];
