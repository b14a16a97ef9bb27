import { posix } from "node:path";
import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { branchOf } from "../../reading/branches.ts";
import { plainPath } from "../../reading/clone-commands.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { mountsOf } from "../../reading/mounted-files.ts";
import type { Needle } from "../../reading/place.ts";
import { named, type Script, scriptsIn, stopsOnError } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

type Told = [message: string, remedy: string, needle: Needle];

/** Of the scripts that put auth.json in place. */
const seeding =
  (find: (script: Script, inspected: Inspected) => Told | undefined) =>
  (inspected: Inspected): Fault[] =>
    scriptsIn(inspected)
      .filter(({ workspace: { facts }, container }) => facts.login?.container === container.name)
      .flatMap((script) => {
        const [message, remedy, needle] = find(script, inspected) ?? [];
        return message && remedy && needle
          ? [{ message: `${named(script)} ${message}`, remedy, ...script.at(needle) }]
          : [];
      });

const question = /\bif\b[^\n]*-[efs]\s+["']?[^\s"']*auth\.json[^\n]*/;
const writes = /\b(cp|mv|install|tee)\b|>\s*\S*auth\.json/;

/** `!=` for `=`: what is kept is what should be written, and the other way round. */
const upsideDown = seeding(({ text }) => {
  const [condition = ""] = question.exec(text) ?? [];
  const branch = branchOf(text, /\bif\b[^\n]*-[efs]\s+["']?[^\s"']*auth\.json/);
  if (branch === undefined) return undefined;
  const isOther = /\s!=\s/.test(condition);
  const isSame = /\s==?\s/.test(condition);
  const asksMissing = /!\s*-[efs]\s/.test(condition);
  const keepsTheOld = !writes.test(branch) && !asksMissing && isOther && !isSame;
  const writesTheSame = writes.test(branch) && asksMissing && /\|\|/.test(condition) && isSame && !isOther;
  if (!keepsTheOld && !writesTheSame) return undefined;
  return [
    "keeps auth.json when the Secret has changed, and writes it when it has not: a new login never comes, and a renewed one goes at each start",
    "compare the other way round",
    /-[efs]\s.*auth\.json/,
  ];
});

/** `||` for `&&`: the file alone is enough, whatever the Secret says. */
const keptForEver = seeding(({ text }) => {
  const [condition = ""] = question.exec(text) ?? [];
  const branch = branchOf(text, /\bif\b[^\n]*-[efs]\s+["']?[^\s"']*auth\.json/);
  const isEnough = /^if\s+\[{1,2}\s+-[efs]\s+["']?[^\s"']*auth\.json["']?\s+\]{1,2}\s*\|\|/.test(condition);
  if (branch === undefined || !isEnough || writes.test(branch) || !/\s==?\s/.test(condition))
    return undefined;
  return [
    "keeps auth.json wherever there is one, the digest does not matter (||): a new login never comes",
    "write && between the two questions",
    /-[efs]\s.*auth\.json/,
  ];
});

/** What is noted before it is done is taken for done where a node dies between the two. */
const notedFirst = seeding(({ text }) => {
  const rows = text.split("\n");
  const noted = rows.findIndex(
    (row) => /^\s*(?:echo|printf)\b[^\n]*>\s*["']?\S*auth\.json\.\w+/.test(row) && !/\.new\b/.test(row),
  );
  const placed = rows.findIndex((row) => /^\s*(?:cp|install|mv)\b[^\n]*auth\.json["']?\s*$/.test(row));
  if (noted < 0 || placed < noted) return undefined;
  return [
    "notes the login as written before it is: a pod that ends between the two leaves the old one for ever",
    "write the digest after mv … auth.json",
    />\s*["']?\S*auth\.json\.\w+/,
  ];
});

const digest = /\b(?:sha\d+sum|md5sum|cksum)\s*<?\s*["']?([^\s"')|;]+)/g;

/** The digest of what OpenCode renews, where that of the Secret is to be remembered. */
const ofItself = seeding((script, inspected) => {
  const secrets = mountsOf(inspected, script.workspace)
    .filter(({ container, of }) => container === script.container && of.startsWith("Secret"))
    .map(({ path }) => path);
  const paths = [...script.text.matchAll(digest)].map(([, path = ""]) => path);
  const isSecrets = (path: string) => secrets.some((one) => path === one || path.startsWith(`${one}/`));
  const isOwn = (path: string) =>
    posix.basename(path) === "auth.json" && !isSecrets(path) && !path.includes("$");
  const goesThere = secrets.some((one) => new RegExp(`\\bcd\\s+["']?${escapeRegExp(one)}`).test(script.text));
  if (!paths.some(isOwn) || paths.some((path) => isSecrets(path) || path.includes("$")) || goesThere)
    return undefined;
  return [
    "remembers the digest of OpenCode's own auth.json, not of the Secret: it cannot tell that another login has come",
    `take that of ${posix.join(secrets[0] ?? "/secrets", "auth.json")}`,
    /sha\d+sum|md5sum|cksum/,
  ];
});

/** `cp` gives a copy the mode of what it copies, which of a Secret is to be read alone. */
const readOnlyCopy = seeding((script, inspected) => {
  const { text, workspace, container } = script;
  const changed = [...text.matchAll(/\bchmod\s+([^\n;&|]*)/g)].flatMap(([, words = ""]) =>
    words
      .trim()
      .split(/\s+/)
      .slice(1)
      .map((word) => posix.basename(plainPath(word))),
  );
  // What is changed by a variable, a pattern or with its directory may be the copy.
  const isChanged = changed.some((name) => /^auth\.json(?:\.new)?$|[$*?]|^[^.]*$/.test(name));
  if (isChanged || /\binstall\b/.test(text) || (workspace.facts.uid ?? 0) === 0) return undefined;
  const [, from = ""] = /\bcp\s+(?:-\w+\s+)*["']?([^\s"']*auth\.json)/.exec(text) ?? [];
  const mount = mountsOf(inspected, workspace).find(
    (one) => one.container === container && (from === one.path || from.startsWith(`${one.path}/`)),
  );
  if (!mount) return undefined;
  const mode = mount.modes[mount.subPath || posix.relative(mount.path, from)] ?? mount.mode;
  if ((mode & 0o200) !== 0) return undefined;
  return [
    `copies auth.json with the mode of its Secret, 0${mode.toString(8)}: OpenCode cannot renew its tokens in it`,
    "write chmod 600 auth.json",
    /\bcp\s.*auth\.json/,
  ];
});

/** What is copied under another name, and never becomes auth.json. */
const neverPlaced = seeding(({ text }) => {
  const ends = [
    ...text.matchAll(
      /\b(?:mv|cp|install|ln|tee)\b[^\n;&|]*?\s["']?([^\s"';&|]+)["']?\s*(?:$|[;&|)])|>\s*["']?([^\s"';&|)]+)/gm,
    ),
  ]
    .map(([, moved, redirected]) => moved ?? redirected ?? "")
    .filter((path) => !path.startsWith("/dev/"));
  const isOpen = ends.some(
    (path) =>
      /[$*]/.test(path) ||
      // A directory, into which it is copied by its own name.
      !posix.basename(path).includes(".") ||
      /\/$|^\.$|^\/[\w./-]*\/(?:opencode[\w-]*|share)$/.test(path),
  );
  if (ends.length === 0 || isOpen || ends.some((path) => posix.basename(path) === "auth.json"))
    return undefined;
  return [
    `puts the login into ${ends.filter((path) => !/^\/dev\//.test(path)).join(", ")}, and nothing into auth.json: OpenCode finds no login`,
    "let the last step be mv … auth.json",
    /\b(mv|cp|install)\s.*auth/,
  ];
});

/** A link to what is mounted in another container, or read-only. */
const linked = seeding(({ text }) => {
  if (!/\bln\s+(?:-\w+\s+)*-?\w*s?\w*\s*["']?\/\S*auth\.json/.test(text) || !/\bln\s+-\w*s/.test(text))
    return undefined;
  return [
    "makes auth.json a link to the Secret: in OpenCode's container it leads nowhere, and nobody can write through it",
    "copy the file onto the volume",
    /\bln\s+-\w*s/,
  ];
});

/** The kubelet writes a Secret's files anew for each pod: they are newer than whatever OpenCode has renewed before. */
const byTime = seeding(({ text }) => {
  const isAsked = text
    .split("\n")
    .some((line) => /\s-[no]t\s/.test(line) && line.includes("auth") && /(?:\[|\btest)\s/.test(line));
  const isCompared =
    /(?:\[{1,2}|\btest)\s[^\n]*\s!?==?\s|\b(?:cmp|diff)\b|sum\s+(?:-\w+\s+)*(?:-\w*c|--check)/.test(text);
  if (!isAsked || isCompared) return undefined;
  return [
    "compares auth.json with its Secret by time, and that of the Secret's file is the pod's start: each start writes over the tokens that OpenCode renewed",
    "remember the digest of what was written, and write again when the Secret's is another",
    /\s-[no]t\s/,
  ];
});

const chained = /\|\||&&|\b(?:if|elif|while|until)\b/;
const copying = /\b(?:cp|install|tee)\b[^\n;]*auth[\w.-]*|\bcat\b[^\n;]*>[^\n;]*auth/;
/** What is written down, but of auth.json itself. */
const noting = /(?:\b(?:echo|printf|sha\d+sum|md5sum|cksum)\b[^\n;]*|^\s*)>\s*["']?(?!\/dev\/|&)[^\s"';]+/;

/** On a full volume the copy fails, and what remembers it is written: no start tries again. */
const goesOn = seeding((script) => {
  const { text } = script;
  if (stopsOnError(script) || /\$\?|\bcmp\b|\btrap\b[^\n]*\bERR\b/.test(text)) return undefined;
  const commands = text.split(/[\n;]/);
  const at = commands.findIndex((one) => copying.test(one) && !chained.test(one));
  const isNoted = commands.slice(at + 1).some((one) => noting.test(one) && !chained.test(one));
  if (at < 0 || !isNoted) return undefined;
  return [
    "goes on where the copy of auth.json fails, and notes it as written: a full volume leaves OpenCode without a login, at every later start too",
    "begin with set -eu",
    /^\s*(cp|install|tee|cat)\b.*auth/,
  ];
});

/** How auth.json is compared with its Secret, and copied. */
export const loginStepRules = [
  rule({
    id: "login-upside-down",
    title: "a new login comes, a renewed one stays",
    pitfalls: [10, 11],
    find: upsideDown,
  }),
  rule({
    id: "login-kept-for-ever",
    title: "a new login comes",
    pitfalls: [11],
    find: keptForEver,
  }),
  rule({
    id: "login-noted-first",
    title: "a login is noted when it is written",
    pitfalls: [10, 11],
    severity: "warning",
    find: notedFirst,
  }),
  rule({
    id: "login-of-itself",
    title: "the Secret's digest is remembered",
    pitfalls: [10, 11],
    find: ofItself,
  }),
  rule({
    id: "login-by-time",
    title: "a new login is known by its digest",
    pitfalls: [10, 11],
    find: byTime,
  }),
  rule({
    id: "login-copy-unasked",
    title: "a login that was not copied is not noted",
    pitfalls: [10],
    severity: "warning",
    find: goesOn,
  }),
  rule({ id: "login-not-placed", title: "the login becomes auth.json", pitfalls: [8], find: neverPlaced }),
  rule({
    id: "login-copied-read-only",
    title: "OpenCode can write the copy",
    pitfalls: [11],
    find: (inspected) => [...readOnlyCopy(inspected), ...linked(inspected)],
  }),
];
